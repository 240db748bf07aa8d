"""The gallery: found by words and tags, by pointer and keys; up to four styles are mixed."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.web.kit import Studio


def test_styles_are_pictures_found_by_words_and_tags(studio: Studio) -> None:
    page = studio.open()
    search = page.get_by_role("searchbox", name="Find a style")
    search.fill("hokusai wave")
    wave = page.locator("[data-style='great-wave']")
    expect(wave).to_be_visible()
    expect(wave.locator("img")).not_to_have_js_property("naturalWidth", 0)
    assert _seen(page) == ["great-wave"]
    search.fill("no such thing")
    expect(page.get_by_text("Nothing fits.")).to_be_visible()
    assert _seen(page) == []
    search.fill("")
    everything = len(_seen(page))
    chip = page.get_by_role("group", name="Kinds").get_by_role("button").first
    chip.click()
    assert chip.get_attribute("aria-pressed") == "true"
    assert 0 < len(_seen(page)) < everything
    chip.click()
    assert len(_seen(page)) == everything


def test_arrows_walk_through_the_gallery(studio: Studio) -> None:
    page = studio.open()
    page.get_by_role("searchbox").fill("van gogh")
    first, second = _seen(page)[:2]
    page.locator(f"[data-style='{first}']").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert [style["name"] for style in studio.state()["styles"]] == [second]


def test_four_styles_are_mixed_on_the_pad(studio: Studio) -> None:
    page = studio.open()
    names = ["great-wave", "starry-night", "night-cafe", "lily-pond"]
    _mix(page, names)
    assert studio.state()["styles"][0]["weight"] == pytest.approx(0.25)
    plane = page.get_by_role("group", name="Mix.")
    box = plane.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"], box["y"], steps=5)  # to the second corner
    page.mouse.up()
    styles = studio.state()["styles"]
    assert [style["name"] for style in styles] == names
    assert [style["weight"] for style in styles] == pytest.approx([0, 1, 0, 0], abs=0.02)


def test_the_pad_and_the_sliders_work_by_keys(studio: Studio) -> None:
    page = studio.open()
    _mix(page, ["great-wave", "starry-night", "night-cafe"])
    page.get_by_role("group", name="Mix.").focus()
    before = studio.state()["styles"][0]["weight"]
    page.keyboard.press("ArrowUp")  # the first corner of three is above
    after = [style["weight"] for style in studio.state()["styles"]]
    assert after[0] > before
    assert sum(after) == pytest.approx(1)
    share = page.get_by_role("slider", name="Share of The Starry Night")
    share.focus()
    page.keyboard.press("End")
    weights = [style["weight"] for style in studio.state()["styles"]]
    assert weights == pytest.approx([0, 1, 0])


def test_a_fifth_style_takes_the_place_of_the_last_and_any_can_go(studio: Studio) -> None:
    page = studio.open()
    _mix(page, ["great-wave", "starry-night", "night-cafe", "lily-pond", "mona-lisa"])
    names = [style["name"] for style in studio.state()["styles"]]
    assert names == ["great-wave", "starry-night", "night-cafe", "mona-lisa"]
    for title in ("The Starry Night", "The Night Café", "Mona Lisa"):
        page.get_by_role("button", name=f"Leave out {title}").click()
    assert [(s["name"], s["weight"]) for s in studio.state()["styles"]] == [("great-wave", 1)]


def test_a_painting_of_ones_own_becomes_a_style(
    studio: Studio, picture: Path, tmp_path: Path
) -> None:
    page = studio.paint(picture)
    painting = tmp_path / "poppies.jpg"  # a name that no other test's style has
    painting.write_bytes(picture.read_bytes())
    page.get_by_label("Your own painting").set_input_files(painting)
    own = page.locator("[data-style='my-poppies']")
    expect(own).to_have_attribute("aria-pressed", "true")
    studio.until("now.styles[0].name === 'my-poppies' && now.selected === now.results[1]?.id")
    page.get_by_role("searchbox").fill("yours")
    assert "my-poppies" in _seen(page)


def _mix(page: Page, names: list[str]) -> None:
    first, *others = names
    page.locator(f"[data-style='{first}']").click()
    page.get_by_role("switch", name="Mix up to 4").check()
    for name in others:
        page.locator(f"[data-style='{name}']").click()


def _seen(page: Page) -> list[str]:
    page.wait_for_selector("[data-style]", state="attached")
    names: list[str] = page.evaluate(
        "[...document.querySelectorAll('[data-style]')].filter((tile) => tile.offsetParent)"
        ".map((tile) => tile.dataset.style)"
    )
    return names
