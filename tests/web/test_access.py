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


def test_the_whole_job_is_done_by_keys_alone(studio: Studio, picture: Path, tmp_path: Path) -> None:
    page = studio.open()
    press = page.keyboard.press

    page.once("filechooser", lambda chooser: chooser.set_files(picture))
    _tab_to(page, page.get_by_role("button", name="Open a photo"))
    press("Enter")
    studio.until("now.content?.asset && now.styles.length === 1")

    _tab_to(page, page.get_by_role("switch", name="Mix up to 4"))
    press("Space")
    _tab_to(page, page.get_by_role("searchbox", name="Find a style"), "Shift+Tab")
    page.keyboard.type("great wave")
    _tab_to(page, page.get_by_role("button", name="Your own"))  # the first of the tiles
    press("ArrowRight")
    press("Enter")
    studio.until("now.styles.length === 2")
    _tab_to(page, page.get_by_role("group", name="Mix."), "Shift+Tab")
    press("ArrowRight")
    assert studio.state()["styles"][1]["weight"] > 0.5

    _tab_to(page, page.get_by_role("tab", name="Style"), "Shift+Tab")
    press("ArrowRight")
    _tab_to(page, page.get_by_role("slider", name="Strength", exact=True))
    press("ArrowLeft")
    assert studio.state()["settings"]["strength"] == 0.99

    _tab_to(page, page.get_by_role("tab", name="Adjust"), "Shift+Tab")
    press("ArrowRight")
    _tab_to(page, page.get_by_role("button", name="Paint a region"))
    press("Enter")
    expect(page.locator("impasto-viewer")).to_be_focused()
    press("Space")
    studio.until("now.regions.length === 1")
    _tab_to(page, page.get_by_role("button", name="Done"))
    press("Enter")
    _tab_to(page, page.get_by_label("Style of region 1", exact=True))
    page.keyboard.type("The Great")
    studio.until("now.regions[0].style?.[0] === 'great-wave'")
    studio.until("now.selected !== null")

    _tab_to(page, page.get_by_role("button", name="Before / after"), "Shift+Tab")
    press("Enter")
    handle = page.get_by_role("slider", name="Before and after")
    _tab_to(page, handle, "Shift+Tab")
    press("Home")
    expect(handle).to_have_attribute("aria-valuenow", "0")

    _tab_to(page, page.get_by_role("button", name="Save", exact=True).first, "Shift+Tab")
    press("Enter")
    dialog = page.get_by_role("dialog", name="Save the painting")
    _tab_to(page, dialog.get_by_label("Long side, pixels"))
    with page.expect_download() as coming:
        press("Enter")
    coming.value.save_as(tmp_path / "painting.png")
    press("Escape")
    expect(dialog).to_be_hidden()


def test_tabs_are_walked_through_by_arrows(studio: Studio) -> None:
    page = studio.open()
    _tab_to(page, page.get_by_role("tab", name="Style"))
    for panel in PANELS[1:]:
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("tabpanel", name=panel)).to_be_visible()
    page.keyboard.press("Home")
    expect(page.get_by_role("tabpanel", name="Style")).to_be_visible()


def test_fingers_hit_everything_on_a_phone(studio: Studio, picture: Path) -> None:
    page = studio.paint(picture, size=PHONE)
    wave, night = ({"name": name, "title": name} for name in ("great-wave", "starry-night"))
    styles = [{**style, "preview": None, "weight": 0.5} for style in (wave, night)]
    studio.set({"styles": styles, "settings": {"colors": "palette"}})
    page.locator("input[data-mask]").set_input_files(picture)
    studio.until("now.regions.length === 1")
    for panel in PANELS:
        studio.tab(panel)
        for summary in page.locator("[role=tabpanel]:not([hidden]) summary").all():
            summary.click()
        assert page.evaluate(TOO_SMALL) == []


# What can be touched and is smaller than a finger, or cut off at the sides.
TOO_SMALL = """() => {
    const inputs = "input:not([type=checkbox], [type=radio]), label:has(input)";
    const touched = `button, select, textarea, summary, a[href], ${inputs}`;
    const told = ({ width, height, left, right }, one) =>
        `${one.outerHTML.slice(0, 120)}: ${width} x ${height} at ${left} to ${right}`;
    return [...document.querySelectorAll(touched)]
        .filter((one) => one.checkVisibility() && !one.closest("impasto-results, .tabs, .chips"))
        .map((one) => [one.getBoundingClientRect(), one])
        .filter(([box]) => Math.min(box.width, box.height) < 39.5 || box.right > innerWidth)
        .map(([box, one]) => told(box, one));
}"""


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
