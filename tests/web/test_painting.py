"""Every change is painted: small and at once, whole on release, and the latest one counts."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, Request, Route, expect
from tests.web.kit import Studio


def test_a_change_shows_before_it_is_let_go_and_whole_after(studio: Studio, picture: Path) -> None:
    page = studio.paint(picture)
    whole = studio.pixels()
    studio.set({"settings": {"strength": 0.2}})  # a slider that is still held
    _until(studio, lambda: studio.pixels() != whole)
    assert studio.state()["selected"] is None
    assert len(studio.state()["results"]) == 1
    studio.set({}, history=True)  # it is let go
    studio.until("now.results.length === 2 && now.selected === now.results[1].id")
    expect(page.get_by_role("group", name="Paintings")).to_be_visible()


def test_a_late_answer_does_not_replace_a_newer_painting(studio: Studio, picture: Path) -> None:
    page = studio.paint(picture)

    def hold(route: Route) -> None:
        if not _is_of(0.3, route.request):
            route.continue_()

    page.route("**/v1/stylizations", hold)
    with page.expect_request(lambda one: _is_of(0.3, one)):
        studio.set({"settings": {"strength": 0.3}}, history=True)
    # Given up, so that its answer is heard by nobody.
    with page.expect_event("requestfailed", lambda one: _is_of(0.3, one)):
        studio.set({"settings": {"strength": 0.9}}, history=True)
    studio.until("now.results.length === 2 && now.selected === now.results[1].id")
    assert [result["settings"]["strength"] for result in studio.state()["results"]] == [1, 0.9]


def test_undo_brings_back_a_painting_without_painting_again(studio: Studio, picture: Path) -> None:
    page = studio.paint(picture)
    first = studio.pixels()
    studio.set({"settings": {"strength": 0.4}}, history=True)
    studio.until("now.results.length === 2 && now.selected === now.results[1].id")
    second = studio.pixels()
    asked = _stylizations(page)
    page.keyboard.press("Control+z")
    studio.until("now.settings.strength === 1 && now.selected === now.results[0].id")
    _until(studio, lambda: studio.pixels() == first)
    page.keyboard.press("Control+Shift+z")
    _until(studio, lambda: studio.pixels() == second)
    page.get_by_role("button", name="Undo").click()
    _until(studio, lambda: studio.pixels() == first)
    assert len(studio.state()["results"]) == 2
    assert not asked


def test_a_painting_of_the_strip_brings_back_its_settings(studio: Studio, picture: Path) -> None:
    page = studio.paint(picture)
    studio.set({"settings": {"strength": 0.4}}, history=True)
    studio.until("now.results.length === 2 && now.selected === now.results[1].id")
    page.get_by_role("button", name="Painting 1").click()
    assert studio.state()["settings"]["strength"] == 1
    expect(page.get_by_role("button", name="Painting 1")).to_have_attribute("aria-pressed", "true")


def test_the_work_survives_a_reload(studio: Studio, picture: Path) -> None:
    page = studio.paint(picture)
    studio.set({"settings": {"strength": 0.7}}, history=True)
    page.reload()
    studio.until("now.selected !== null")
    state = studio.state()
    assert (state["content"]["name"], state["settings"]["strength"]) == ("astronaut.jpg", 0.7)


def test_strength_zero_shows_the_photo(studio: Studio, picture: Path) -> None:
    page = studio.paint(picture)
    studio.set({"settings": {"strength": 0}}, history=True)
    studio.until("now.results.length === 2 && now.selected === now.results[1].id")
    difference = page.evaluate(
        """() => {
            const { pictures } = document.querySelector("impasto-viewer");
            const pixels = ({ bitmap }) => {
                const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
                context.drawImage(bitmap, 0, 0);
                return context.getImageData(0, 0, bitmap.width, bitmap.height).data;
            };
            const [now, before] = [pixels(pictures.now), pixels(pictures.before)];
            const differs = (sum, value, at) => sum + Math.abs(value - before[at]);
            return now.reduce(differs, 0) / now.length;
        }"""
    )
    assert difference < 3  # of 255: the painting is a JPEG


def _is_of(strength: float, request: Request) -> bool:
    return f'"strength":{strength}' in (request.post_data or "")


def _stylizations(page: Page) -> list[str]:
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "stylizations" in one.url else None)
    return asked


def _until(studio: Studio, is_so: Callable[[], bool]) -> None:
    for _ in range(400):
        if is_so():
            return
        studio.page.wait_for_timeout(25)
    raise AssertionError("The painting that was waited for did not come.")
