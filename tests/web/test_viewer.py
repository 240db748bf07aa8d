"""The picture on the wall: zoom to 400 %, by wheel, fingers, buttons and keys."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.web.kit import Studio


def test_it_zooms_to_four_hundred_percent_and_no_further(studio: Studio, picture: Path) -> None:
    page = _with_photo(studio, picture)
    for _ in range(12):
        page.get_by_role("button", name="Zoom in").click()
    assert studio.state()["view"]["zoom"] == 4
    expect(page.get_by_role("button", name="400 %")).to_be_visible()
    page.get_by_role("button", name="Fit").click()
    assert studio.state()["view"]["zoom"] is None


def test_keys_zoom_and_move(studio: Studio, picture: Path) -> None:
    page = _with_photo(studio, picture)
    page.locator("impasto-viewer").focus()
    for _ in range(9):
        page.keyboard.press("+")
    page.keyboard.press("ArrowRight")
    view = studio.state()["view"]
    assert view["zoom"] == 4
    assert view["x"] > 0.5
    page.keyboard.press("0")
    assert studio.state()["view"] | {"mode": ""} == {"mode": "", "zoom": None, "x": 0.5, "y": 0.5}


@pytest.mark.parametrize("mode", ["result", "side-by-side"])
@pytest.mark.parametrize("size", [(360, 740), (900, 500)], ids=["upright", "wide"])
def test_what_is_under_the_wheel_stays_there(
    studio: Studio, picture: Path, mode: str, size: tuple[int, int]
) -> None:
    page = _with_photo(studio, picture, size=size)
    studio.set({"view": {"mode": mode, "zoom": 3}})  # larger than the window, whatever the mode
    at = page.evaluate(
        """() => {
            const viewer = document.querySelector("impasto-viewer");
            const { left, top } = viewer.getBoundingClientRect();
            const area = viewer.areas.at(-1);
            return [left + area.left + 0.4 * area.width, top + area.top + 0.6 * area.height];
        }"""
    )
    under = "(at) => document.querySelector('impasto-viewer').pointAt(...at)"
    before = page.evaluate(under, at)
    page.mouse.move(*at)
    page.mouse.wheel(0, -100)
    studio.until("now.view.zoom > 3.5")
    after = page.evaluate(under, at)
    assert [after["x"], after["y"]] == pytest.approx([before["x"], before["y"]], abs=0.01)


def test_two_pictures_stand_as_they_are_largest(studio: Studio, picture: Path) -> None:
    page = _with_photo(studio, picture)  # wider than high
    studio.set({"view": {"mode": "side-by-side"}})
    for width, height, truth in ((1280, 500, "left > 0"), (500, 1400, "top > 0")):
        page.set_viewport_size({"width": width, "height": height})
        studio.until(f"viewer.areas[1].{truth}")


def test_dragging_moves_the_picture(studio: Studio, picture: Path) -> None:
    page = _with_photo(studio, picture, size=(360, 740))
    studio.set({"view": {"zoom": 4}})
    page.mouse.move(200, 200)
    page.mouse.down()
    page.mouse.move(120, 200, steps=4)
    page.mouse.up()
    view = studio.state()["view"]
    assert view["x"] == pytest.approx(0.5 + 80 / (4 * 192), abs=0.01)
    assert view["y"] == 0.5


def test_two_fingers_pinch(studio: Studio, picture: Path) -> None:
    page = _with_photo(studio, picture)
    studio.set({"view": {"zoom": 1}})
    page.evaluate(
        """() => {
            const { canvas } = document.querySelector("impasto-viewer");
            canvas.setPointerCapture = () => {}; // these fingers are not real
            const finger = (kind, pointerId, clientX) => {
                const at = { pointerId, clientX, clientY: 300, bubbles: true };
                canvas.dispatchEvent(new PointerEvent(kind, at));
            };
            finger("pointerdown", 11, 300);
            finger("pointerdown", 12, 400);
            finger("pointermove", 12, 500);
            finger("pointerup", 11, 300);
            finger("pointerup", 12, 500);
        }"""
    )
    assert studio.state()["view"]["zoom"] == pytest.approx(2)


def _with_photo(studio: Studio, picture: Path, size: tuple[int, int] = (1280, 800)) -> Page:
    page = studio.open(size=size)
    studio.give(picture)
    studio.until("viewer.pictures.before")
    return page
