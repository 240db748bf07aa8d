"""The controls are made of the server's settings, and each changes what is asked for."""

from pathlib import Path

from playwright.sync_api import Page, expect
from tests.web.kit import Studio


def test_strength_by_keys_is_one_step_of_history_each(studio: Studio, picture: Path) -> None:
    page = _adjusting(studio, picture)
    strength = page.get_by_role("slider", name="Strength", exact=True)
    assert strength.get_attribute("max") == "2"
    strength.focus()
    page.keyboard.press("End")
    assert studio.state()["settings"]["strength"] == 2
    expect(strength).to_have_attribute("aria-valuetext", "200 %")
    page.get_by_role("button", name="Undo").click()
    assert studio.state()["settings"]["strength"] == 1
    expect(strength).to_have_value("1")


def test_strokes_colors_size_and_model_reach_the_request(studio: Studio, picture: Path) -> None:
    page = _adjusting(studio, picture)
    page.get_by_role("radio", name="Coarse").check()
    page.get_by_role("radio", name="Matched").check()
    share = page.get_by_role("slider", name="How much of them")
    share.fill("0.5")
    page.get_by_text("More", exact=True).first.click()
    page.get_by_label("Size of the painting").select_option(label="1024 pixels")
    request = _request(page)
    wanted = {"strokes": "2", "colors": "match", "color_strength": 0.5, "size": 1024}
    assert request | wanted == request


def test_another_model_paints_its_own_styles(studio: Studio, picture: Path) -> None:
    page = _adjusting(studio, picture)
    studio.tab("Style")
    page.locator("[data-style='mona-lisa']").click()
    studio.tab("Adjust")
    page.get_by_text("More", exact=True).first.click()
    page.get_by_label("Model", exact=True).select_option(label="pack: 20 styles of its own")
    assert [style["name"] for style in studio.state()["styles"]] == ["starry-night"]
    assert _request(page)["model"] == "pack"
    studio.tab("Style")
    expect(page.locator("[data-style]:visible")).to_have_count(20)
    studio.until("now.results.at(-1)?.settings.model === 'pack'")
    page.keyboard.press("Control+z")
    assert [style["name"] for style in studio.state()["styles"]] == ["mona-lisa"]
    assert studio.state()["settings"]["model"] is None


def test_a_palette_is_put_together(studio: Studio, picture: Path) -> None:
    page = _adjusting(studio, picture)
    page.get_by_role("radio", name="Palette").check()
    colors = page.get_by_role("group", name="Palette")
    expect(colors.get_by_label("Color 1", exact=True)).to_be_visible()
    before = studio.state()["settings"]["palette"]
    colors.get_by_role("button", name="Add a color").click()
    colors.get_by_label("Color 1", exact=True).fill("#ff0000")
    palette = studio.state()["settings"]["palette"]
    assert palette == ["#ff0000", *before[1:], "#888888"]
    colors.get_by_role("button", name="Take away color 2").click()
    assert _request(page)["palette"] == [palette[0], *palette[2:]]
    colors.get_by_role("button", name="From the style").click()
    studio.until("now.settings.palette.length > 4")
    assert "#ff0000" not in studio.state()["settings"]["palette"]


def test_dark_and_light_are_chosen_and_remembered(studio: Studio) -> None:
    page = studio.open()
    wall = "getComputedStyle(document.body).backgroundColor"
    page.emulate_media(color_scheme="light")
    light = page.evaluate(wall)
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(wall)
    assert light != dark
    page.get_by_role("button", name="Dark or light").click()
    assert page.evaluate(wall) == light
    studio.open()
    assert page.evaluate(wall) == light


def _adjusting(studio: Studio, picture: Path) -> Page:
    page = studio.paint(picture)
    studio.tab("Adjust")
    return page


def _request(page: Page) -> dict[str, object]:
    request: dict[str, object] = page.evaluate(
        """async () => {
            const { state } = await import("/js/state.js");
            return (await import("/js/request.js")).requestOf(state.get());
        }"""
    )
    return request
