"""For everybody: nothing that axe-core finds, keys alone, small windows, dark and light."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.web.kit import DESKTOP, PHONE, Studio

PANELS = ("Style", "Adjust", "Regions", "Studies", "Share")


@pytest.mark.parametrize(
    ("size", "scheme"), [(PHONE, "dark"), (DESKTOP, "light")], ids=["phone", "desktop"]
)
def test_axe_finds_nothing(
    studio: Studio, picture: Path, size: tuple[int, int], scheme: str
) -> None:
    studio.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page = studio.paint(picture, size=size)
    for panel in PANELS:
        studio.tab(panel)
        for summary in page.locator("[role=tabpanel]:not([hidden]) summary").all():
            summary.click()
        assert studio.violations() == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Before / after").click()
    assert studio.violations() == []


def test_an_empty_page_is_clean_too(studio: Studio) -> None:
    studio.open(size=PHONE)
    assert studio.violations() == []


def test_the_page_is_walked_through_by_keys_alone(studio: Studio, picture: Path) -> None:
    page = studio.paint(picture)
    _tab_to(page, page.get_by_role("tab", name="Style"))
    for panel in PANELS[1:]:
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("tabpanel", name=panel)).to_be_visible()
    page.keyboard.press("Home")
    _tab_to(page, page.get_by_role("searchbox", name="Find a style"))
    page.keyboard.type("great wave")
    _tab_to(page, page.get_by_role("button", name="Your own"))  # the first of the tiles
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    studio.until("now.styles[0].name === 'great-wave'")
    _tab_to(page, page.get_by_role("button", name="Before / after"), "Shift+Tab")
    page.keyboard.press("Enter")
    assert studio.state()["view"]["mode"] == "before-after"


def test_what_has_the_focus_is_seen(studio: Studio) -> None:
    page = studio.open()
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline not in ("none", "")


def test_dark_and_light_follow_the_system(studio: Studio) -> None:
    page = studio.open()
    grounds = {}
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        grounds[scheme] = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert grounds["dark"] != grounds["light"]


def _tab_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Press Tab until an element has the focus, as somebody without a mouse does."""
    for _ in range(80):
        if wanted.evaluate("(one) => one === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} does not reach {wanted}")
