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


def test_what_is_under_the_wheel_stays_there(studio: Studio, picture: Path) -> None:
    page = _with_photo(studio, picture)
    page.locator("impasto-viewer").focus()
    page.keyboard.press("1")
    at = page.evaluate(
        """() => {
            const viewer = document.querySelector("impasto-viewer");
            const { left, top } = viewer.getBoundingClientRect();
            const place = viewer.place();
            return [left + place.left + 0.25 * place.width, top + place.top + 0.25 * place.height];
        }"""
    )
    page.mouse.move(*at)
    page.mouse.wheel(0, -200)
    page.mouse.wheel(0, -400)
    page.wait_for_timeout(100)
    studio.until("now.view.zoom > 2.5")
    under = page.evaluate("(at) => document.querySelector('impasto-viewer').pointAt(...at)", at)
    # A picture smaller than the window stands in its middle, whatever is asked for.
    assert under["x"] == pytest.approx(0.25, abs=0.2)


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
