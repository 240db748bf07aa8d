"""A painting leaves the page as a file or as words, and comes back with its settings."""

import json
import shlex
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect
from tests.web.kit import Studio

from impasto.methods.stylize import settings_from
from impasto.provenance.disclosure import disclosure, read_disclosure


def test_saved_paintings_bring_their_settings_back(
    studio: Studio, picture: Path, tmp_path: Path
) -> None:
    page = studio.paint(picture)
    for format, suffix in (("png", "png"), ("jpeg", "jpg"), ("webp", "webp")):
        settings = {"strength": 0.6, "colors": "content", "color_strength": 0.5}
        page.locator("[data-style='great-wave']").click()
        studio.set({"settings": settings})
        saved = _saved(page, tmp_path, format, 96)
        assert saved.name == f"astronaut.great-wave.{suffix}"
        with Image.open(saved) as image:
            assert (image.format, image.size) == (format.upper(), (96, 80))
        told = read_disclosure(saved)
        assert told is not None
        assert told["settings"]["strength"] == 0.6
        page.locator("[data-style='mona-lisa']").click()
        studio.set({"settings": {"strength": 1, "colors": "style"}, "content": None})
        page.locator("input[type=file][data-content]").set_input_files(saved)
        studio.until("now.content?.asset && now.styles[0].name === 'great-wave'")
        state = studio.state()
        assert state["settings"] | settings == state["settings"]
        assert (state["content"]["width"], state["content"]["height"]) == (192, 160)  # its photo


def test_a_mix_comes_back_with_its_shares(studio: Studio, picture: Path, tmp_path: Path) -> None:
    page = studio.paint(picture)
    styles = [{"name": "great-wave", "title": "", "weight": 0.25, "preview": None}]
    styles += [{"name": "lily-pond", "title": "", "weight": 0.75, "preview": None}]
    studio.set({"styles": styles})
    saved = _saved(page, tmp_path, "png", 64)
    _anew(studio)
    page.locator("input[type=file][data-content]").set_input_files(saved)
    studio.until("now.styles.length === 2")
    found = [(style["name"], style["weight"]) for style in studio.state()["styles"]]
    assert found == [("great-wave", 0.25), ("lily-pond", 0.75)]


def test_regions_come_back_while_the_server_has_their_masks(
    studio: Studio, picture: Path, tmp_path: Path
) -> None:
    page = studio.paint(picture)
    page.locator("input[data-mask]").set_input_files(picture)
    studio.until("now.regions.length === 1")
    page.get_by_label("Style of region 1", exact=True).evaluate(
        "(one) => { one.value = 'lily-pond'; one.dispatchEvent(new Event('change')); }"
    )
    [before] = studio.state()["regions"]
    saved = _saved(page, tmp_path, "png", 64)
    chooser = page.locator("input[type=file][data-content]")
    _anew(studio)
    chooser.set_input_files(saved)
    studio.until("now.regions.length === 1")
    [after] = studio.state()["regions"]
    assert {**after, "id": ""} == {**before, "id": ""}
    assert before["style"] == ["lily-pond"]
    studio.forgive("status of 404")
    assert page.request.delete(f"{studio.server.url}/v1/assets/{before['mask']}").ok
    _anew(studio)
    chooser.set_input_files(saved)
    expect(page.locator("#note")).to_contain_text("but for a region")
    assert studio.state()["regions"] == []


def test_an_optimization_comes_back_to_be_begun_again(
    studio: Studio, picture: Path, tmp_path: Path
) -> None:
    request = {"style": ["great-wave"], "preset": "draft", "strength": 35, "seed": 7}
    told = {"method": "optimize", "style": {"name": "great-wave"}, "colors": "content"}
    packet = disclosure({**told, "strength": 35, "request": request}, version="1")
    (tmp_path / "optimized.jpg").write_bytes(picture.read_bytes() + packet)
    page = studio.paint(picture)
    page.locator("input[data-content]").set_input_files(tmp_path / "optimized.jpg")
    form = page.locator("[data-kind=optimization]")
    expect(form.get_by_label("How thorough")).to_have_value("draft")
    expect(form.get_by_label("Strength")).to_have_value("35")
    expect(form.get_by_label("Seed")).to_have_value("7")
    now = studio.state()
    assert [style["name"] for style in now["styles"]] == ["great-wave"]
    assert (now["settings"]["strength"], now["settings"]["colors"]) == (1, "content")
    expect(page.locator("#note")).to_contain_text("but for its photo")


def test_other_pictures_are_photos_not_recipes(studio: Studio, picture: Path) -> None:
    studio.open()
    studio.set({"settings": {"strength": 0.5}})
    studio.give(picture)
    assert studio.state()["settings"]["strength"] == 0.5


def test_the_size_is_up_to_16k(studio: Studio, picture: Path) -> None:
    page = studio.paint(picture)
    page.get_by_role("button", name="Save", exact=True).first.click()
    page.get_by_role("button", name="16384").click()
    expect(page.get_by_text("16384 × 13653")).to_be_visible()
    assert page.get_by_label("Long side, pixels").get_attribute("max") == "16384"
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_the_copied_json_is_what_the_api_takes(studio: Studio, picture: Path) -> None:
    page = studio.paint(picture)
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    _words(studio, page)
    page.get_by_role("button", name="Copy", exact=True).nth(1).click()
    request = json.loads(page.evaluate("window.copied"))
    assert request["style"] == ["starry-night"]
    answer = page.request.post(f"{studio.server.url}/v1/stylizations", data=request)
    assert answer.status == 201


def test_the_copied_line_is_one_of_the_command_line(studio: Studio, picture: Path) -> None:
    page = studio.paint(picture)
    styles = [{"name": name, "title": "", "weight": 0.5} for name in ("great-wave", "lily-pond")]
    settings = {
        "strength": 0.7,
        "strokes": "2",
        "colors": "palette",
        "palette": ["#102030", "#ffffff"],
    }
    studio.set({"styles": styles, "settings": settings})
    _words(studio, page)
    line = shlex.split(page.get_by_label("In a terminal").input_value())
    assert line[:3] == ["impasto", "stylize", "astronaut.jpg"]
    pairs = list(zip(line[3::2], line[4::2], strict=True))
    words = tuple(value for flag, value in pairs if flag == "--style")
    assert words == ("great-wave:0.5", "lily-pond:0.5")
    typed = {flag.removeprefix("--"): value for flag, value in pairs if flag != "--style"}
    assert typed == {"strength": "0.7", "strokes": "2", "palette": "#102030,#ffffff"}
    assert settings_from(words, {"strength": 0.7, "strokes": "2"}).strength == 0.7


def test_a_painting_dropped_once_more_is_a_photo(
    studio: Studio, picture: Path, tmp_path: Path
) -> None:
    page = studio.paint(picture)
    saved = _saved(page, tmp_path, "png", 64)
    chooser = page.locator("input[type=file][data-content]")
    chooser.set_input_files(saved)
    expect(page.get_by_text("Drop it once more")).to_be_visible()
    assert studio.state()["content"]["name"] == "astronaut.jpg"
    chooser.set_input_files(saved)
    studio.until("now.content.width === 64")


def _anew(studio: Studio) -> None:
    studio.page.evaluate("sessionStorage.clear()")
    studio.open()
    assert studio.state()["content"] is None


def _saved(page: Page, folder: Path, format: str, side: int) -> Path:
    page.get_by_role("button", name="Save", exact=True).first.click()
    dialog = page.get_by_role("dialog", name="Save the painting")
    dialog.get_by_label("Format").select_option(format)
    dialog.get_by_label("Long side, pixels").fill(str(side))
    with page.expect_download() as coming:
        dialog.get_by_role("button", name="Save", exact=True).click()
    saved = folder / coming.value.suggested_filename
    coming.value.save_as(saved)
    page.keyboard.press("Escape")
    return saved


def _words(studio: Studio, page: Page) -> None:
    studio.tab("Share")
    page.get_by_role("button", name="Copy the settings").click()
