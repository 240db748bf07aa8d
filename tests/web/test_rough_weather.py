"""What must not freeze the page: a lost server, huge and broken pictures, a slow network."""

import zlib
from pathlib import Path

from PIL import Image
from playwright.sync_api import Route, expect
from tests.web.kit import Studio


def test_the_page_goes_on_after_the_server_was_restarted(studio: Studio, picture: Path) -> None:
    studio.forgive("ERR_CONNECTION_REFUSED", "WebSocket connection", "ERR_CONNECTION_RESET")
    page = studio.paint(picture)
    studio.server.stop()
    try:
        expect(page.locator("#status")).to_contain_text("connection is lost")
    finally:
        studio.server.start()
    expect(page.locator("#status")).to_contain_text("Connected again")
    studio.set({"settings": {"strength": 0.4}}, history=True)
    studio.until("now.results.length === 2 && now.selected === now.results[1].id")


def test_a_picture_of_200_megapixels_is_refused_in_words(studio: Studio, tmp_path: Path) -> None:
    studio.forgive("status of 4")
    Image.new("1", (20_000, 10_000)).save(tmp_path / "huge.png")
    page = studio.open()
    page.locator("input[data-content]").set_input_files(tmp_path / "huge.png")
    expect(page.get_by_role("alert")).to_contain_text("pixels")
    assert studio.state()["content"] is None
    page.get_by_role("tab", name="Adjust").click()  # the page is not frozen
    expect(page.get_by_role("tabpanel", name="Adjust")).to_be_visible()


def test_a_broken_picture_is_refused_in_words(
    studio: Studio, picture: Path, tmp_path: Path
) -> None:
    studio.forgive("status of 4")
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n" + zlib.compress(b"not a picture"))
    page = studio.open()
    page.locator("input[data-content]").set_input_files(broken)
    alert = page.get_by_role("alert")
    expect(alert).to_be_visible()
    assert "0x" not in alert.inner_text()  # no library's words
    studio.give(picture)  # and the next one is taken
    expect(alert).to_be_hidden()
    studio.until("now.selected !== null")


def test_a_photo_that_ends_too_early_is_refused_or_painted(
    studio: Studio, picture: Path, tmp_path: Path
) -> None:
    studio.forgive("status of 4")
    cut = tmp_path / "cut.jpg"
    cut.write_bytes(picture.read_bytes()[:2000])
    page = studio.open()
    page.locator("input[data-content]").set_input_files(cut)
    studio.until("now.selected !== null || !document.getElementById('problem').hidden")


def test_a_slow_network_shows_what_happens_and_never_an_older_answer(
    studio: Studio, picture: Path
) -> None:
    page = studio.open()

    def slow(route: Route) -> None:  # so slow that nothing but the last arrives
        if '"strength":0.8' in (route.request.post_data or ""):
            route.continue_()

    page.route("**/v1/stylizations", slow)
    studio.give(picture)
    expect(page.locator("#status")).to_contain_text("Painting")
    for strength in (0.2, 0.8):
        with page.expect_request("**/v1/stylizations"):
            studio.set({"settings": {"strength": strength}}, history=True)
    studio.until("now.selected !== null")
    now = studio.state()
    shown = next(one for one in now["results"] if one["id"] == now["selected"])
    assert shown["settings"]["strength"] == 0.8


def test_no_server_at_all_is_told(studio: Studio, picture: Path) -> None:
    studio.forgive("ERR_FAILED")
    page = studio.open()
    page.route("**/v1/assets", lambda route: route.abort())
    page.locator("input[data-content]").set_input_files(picture)
    expect(page.get_by_role("alert")).to_contain_text("does not answer")
