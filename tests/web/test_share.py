"""Recipe files: styles and settings go out, and come back on another page."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect
from tests.web.kit import Studio


def test_a_recipe_brings_styles_and_settings_back(
    studio: Studio, picture: Path, tmp_path: Path
) -> None:
    page = studio.paint(picture)
    wave = {"name": "great-wave", "title": "The Great Wave", "weight": 0.25}
    night = {"name": "starry-night", "title": "The Starry Night", "weight": 0.75}
    studio.set({"styles": [night, wave], "settings": {"strength": 1.3, "colors": "content"}})
    studio.tab("Share")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a recipe").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    recipe = json.loads(path.read_text())
    assert recipe["schema"] == "impasto-recipe/1"
    assert recipe["settings"] == {"strength": 1.3, "colors": "content"}
    studio.set({"styles": [night], "settings": {"strength": 1, "colors": "style"}})
    page.locator("input[data-recipe]").set_input_files(path)
    studio.until("now.styles.length === 2")
    now = studio.state()
    assert [(one["name"], one["weight"]) for one in now["styles"]] == [
        ("starry-night", 0.75),
        ("great-wave", 0.25),
    ]
    assert (now["settings"]["strength"], now["settings"]["colors"]) == (1.3, "content")


def test_regions_travel_with_their_masks(studio: Studio, picture: Path, tmp_path: Path) -> None:
    page = studio.paint(picture)
    _region(studio, tmp_path)
    studio.set({"regions": [{**studio.state()["regions"][0], "style": ["great-wave"]}]})
    [before] = studio.state()["regions"]
    studio.tab("Share")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a recipe").click()
    path = tmp_path / "regions.json"
    download.value.save_as(path)
    assert path.stat().st_size < 20_000
    studio.set({"regions": []})
    page.request.delete(f"{studio.server.url}/v1/assets/{before['mask']}")  # as on another server
    page.locator("input[data-recipe]").set_input_files(path)
    studio.until("now.regions.length === 1")
    [after] = studio.state()["regions"]
    assert {**after, "id": ""} == {**before, "id": ""}


def test_a_recipe_is_dropped_onto_the_page(studio: Studio) -> None:
    page = studio.open()
    recipe = {"schema": "impasto-recipe/1", "styles": [{"name": "great-wave", "weight": 1}]}
    page.evaluate(
        """(text) => {
            const data = new DataTransfer();
            data.items.add(new File([text], "my.json", { type: "application/json" }));
            const drop = { dataTransfer: data, bubbles: true, cancelable: true };
            document.getElementById("stage").dispatchEvent(new DragEvent("drop", drop));
        }""",
        json.dumps(recipe),
    )
    studio.until("now.styles[0]?.name === 'great-wave'")


def test_own_styles_travel_with_their_painting(
    studio: Studio, picture: Path, tmp_path: Path
) -> None:
    page = studio.paint(picture)
    page.locator("impasto-gallery input[type=file]").set_input_files(picture)
    studio.until("now.styles[0]?.name.startsWith('my-')")
    name = studio.state()["styles"][0]["name"]
    studio.tab("Share")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a recipe").click()
    download.value.save_as(tmp_path / "own.json")
    answer = page.request.delete(f"{studio.server.url}/v1/styles/{name}")
    assert answer.ok
    page.reload()
    page.wait_for_selector("html[data-ready]")
    studio.tab("Share")
    page.locator("input[data-recipe]").set_input_files(tmp_path / "own.json")
    studio.until(f"now.styles[0]?.name === '{name}'")
    assert page.request.get(f"{studio.server.url}/v1/styles/{name}").ok


def _region(studio: Studio, folder: Path) -> None:
    """Make the right half of the picture a region."""
    half = np.zeros((80, 96), np.uint8)
    half[:, 48:] = 255
    Image.fromarray(half).save(folder / "mask.png")
    studio.page.locator("input[data-mask]").set_input_files(folder / "mask.png")
    studio.until("now.regions.length === 1")


@pytest.mark.parametrize(
    ("text", "words"),
    [("{", "is no JSON"), ('{"a": 1}', "is no recipe of Impasto"), ("[]", "is no recipe")],
)
def test_what_is_no_recipe_is_refused_in_words(
    studio: Studio, tmp_path: Path, text: str, words: str
) -> None:
    (tmp_path / "bad.json").write_text(text)
    page = studio.open()
    studio.tab("Share")
    page.locator("input[data-recipe]").set_input_files(tmp_path / "bad.json")
    expect(page.get_by_role("alert")).to_contain_text(words)


def test_styles_that_are_not_here_are_named(studio: Studio, tmp_path: Path) -> None:
    style = {"name": "no-such-style", "title": "Nowhere", "weight": 1}
    recipe = {"schema": "impasto-recipe/1", "styles": [style], "settings": {"strength": 0.5}}
    (tmp_path / "lost.json").write_text(json.dumps(recipe))
    page = studio.open()
    studio.tab("Share")
    page.locator("input[data-recipe]").set_input_files(tmp_path / "lost.json")
    expect(page.locator("#note")).to_contain_text("Nowhere")
    assert studio.state()["settings"]["strength"] == 0.5
