"""Regions: painted with a brush by pointer and keys, uploaded, each with a style of its own."""

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import Page, expect
from tests.web.kit import Studio


def test_a_stroke_makes_a_region_and_undo_takes_it_back(studio: Studio, picture: Path) -> None:
    page = _painting_a_region(studio, picture)
    _stroke(page)
    studio.until("now.regions.length === 1")
    first = _region(studio)
    assert first["style"] is None  # the photo stays there
    assert 0 < _share(studio, first["mask"]) < 0.5
    _stroke(page, row=0.7)
    studio.until(f"now.regions[0].mask !== '{first['mask']}'")
    assert _share(studio, _region(studio)["mask"]) > _share(studio, first["mask"])
    page.get_by_role("button", name="Undo").click()
    assert _region(studio)["mask"] == first["mask"]
    page.get_by_role("button", name="Undo").click()
    assert studio.state()["regions"] == []


def test_the_eraser_takes_away_and_the_size_matters(studio: Studio, picture: Path) -> None:
    page = _painting_a_region(studio, picture)
    page.get_by_label("Brush").fill("40")
    _stroke(page)
    studio.until("now.regions.length === 1")
    before = _region(studio)["mask"]
    page.get_by_label("Brush").fill("10")
    page.get_by_role("button", name="Erase").click()
    _stroke(page)
    studio.until(f"now.regions[0].mask !== '{before}'")
    assert 0 < _share(studio, _region(studio)["mask"]) < _share(studio, before)


def test_the_brush_works_by_keys_alone(studio: Studio, picture: Path) -> None:
    page = _painting_a_region(studio, picture)
    expect(page.locator("impasto-viewer")).to_be_focused()
    page.keyboard.press("Space")
    studio.until("now.regions.length === 1")
    dot = _region(studio)["mask"]
    page.keyboard.press("ArrowRight")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowDown")
    studio.until(f"now.regions[0].mask !== '{dot}'")
    assert studio.state()["view"]["zoom"] is None  # the arrows were the brush's


def test_a_region_has_a_style_a_share_and_a_feather(studio: Studio, picture: Path) -> None:
    page = _painting_a_region(studio, picture)
    _stroke(page)
    studio.until("now.regions.length === 1")
    page.get_by_role("button", name="Done").click()
    studio.until("now.selected !== null")
    kept = studio.pixels()
    page.get_by_label("Style of region 1").select_option("great-wave")
    page.get_by_label("Feather").fill("5")
    region = _region(studio)
    assert (region["style"], region["feather"]) == (["great-wave"], 5)
    studio.until("now.selected !== null && now.results.length === 3")
    assert studio.pixels() != kept
    page.get_by_role("button", name="Remove region 1").click()
    assert studio.state()["regions"] == []


def test_a_mask_is_uploaded(studio: Studio, picture: Path, tmp_path: Path) -> None:
    half = np.zeros((80, 96), np.uint8)
    half[:, 48:] = 255
    Image.fromarray(half).save(tmp_path / "mask.png")
    studio.paint(picture)
    studio.tab("Regions")
    studio.page.locator("input[data-mask]").set_input_files(tmp_path / "mask.png")
    studio.until("now.regions.length === 1")
    assert abs(_share(studio, _region(studio)["mask"]) - 0.5) < 0.02


def test_what_is_no_mask_is_refused_in_words(studio: Studio, picture: Path, tmp_path: Path) -> None:
    (tmp_path / "mask.png").write_bytes(b"no picture")
    studio.paint(picture)
    studio.tab("Regions")
    studio.page.locator("input[data-mask]").set_input_files(tmp_path / "mask.png")
    expect(studio.page.get_by_role("alert")).to_contain_text("mask.png is no picture")


def _painting_a_region(studio: Studio, picture: Path) -> Page:
    page = studio.paint(picture)
    studio.tab("Regions")
    page.get_by_role("button", name="Paint a region").click()
    return page


def _stroke(page: Page, row: float = 0.5) -> None:
    box = page.locator("impasto-viewer").bounding_box()
    assert box is not None
    y = box["y"] + row * box["height"]
    page.mouse.move(box["x"] + 0.4 * box["width"], y)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * box["width"], y, steps=5)
    page.mouse.up()


def _region(studio: Studio) -> dict[str, Any]:
    region: dict[str, Any] = studio.state()["regions"][0]
    return region


def _share(studio: Studio, mask: str) -> float:
    """Return how much of the picture a mask covers."""
    answer = studio.page.request.get(f"{studio.server.url}/v1/assets/{mask}")
    path = studio.server.folder / "mask.png"
    path.write_bytes(answer.body())
    return float(np.asarray(Image.open(path).convert("L")).mean() / 255)
