"""Models of their own styles: words, mixing, and every control that the painter has."""

from pathlib import Path
from shutil import copytree, rmtree
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

import impasto
from impasto.errors import EncoderMismatch, ModelError, SettingError, UnknownStyle, UsageError
from impasto.images.masks import Mask
from impasto.images.source import open_picture
from impasto.images.window import Window, whole
from impasto.methods.base import Region, has_vectors
from impasto.methods.fast import FastStylizer, OwnStyles
from impasto.methods.strokes import Strokes
from impasto.methods.stylize import open_stylizer
from impasto.provenance.disclosure import read_disclosure
from impasto.settings.stylize import StylizeSettings

Pixels = npt.NDArray[np.float32]


@pytest.fixture(scope="module")
def several(pack: Path) -> OwnStyles:
    stylizer = FastStylizer.open(pack, precision="f32")
    assert isinstance(stylizer, OwnStyles)
    return stylizer


@pytest.fixture(scope="module")
def one(lone: Path) -> OwnStyles:
    stylizer = FastStylizer.open(lone, precision="f32")
    assert isinstance(stylizer, OwnStyles)
    return stylizer


def test_names_are_rows_and_mixing_is_their_mean(several: OwnStyles) -> None:
    np.testing.assert_array_equal(several.style("tall-grass").vector, [0, 1, 0])
    mixed = several.style(["dusk-blue:1", "old-wall:3"])
    np.testing.assert_array_equal(mixed.vector, [0.25, 0, 0.75])
    assert several.style("tall-grass").card.licence == "CC0"


def test_one_style_needs_no_name(one: OwnStyles, several: OwnStyles) -> None:
    assert one.style().name == one.style("dusk-blue").name == "dusk-blue"
    with pytest.raises(UsageError, match="pack paints dusk-blue, tall-grass, old-wall"):
        several.style(())


def test_other_styles_are_refused_with_a_near_name(several: OwnStyles) -> None:
    with pytest.raises(
        UnknownStyle, match=r'not trained on "tal-gras"\. Did you mean "tall-grass"'
    ):
        several.style("tal-gras")
    with pytest.raises(UnknownStyle, match="Other styles need the painter"):
        several.style("starry-night")
    with pytest.raises(ModelError, match="no style encoder"):
        several.style_of(np.zeros((9, 9, 3), np.uint8), "mine")


def test_a_style_of_another_model_is_refused(
    several: OwnStyles, one: OwnStyles, stylizer: FastStylizer, photo: Pixels
) -> None:
    source = open_picture(photo)
    for foreign in (one.style(), stylizer.style("starry-night")):
        with pytest.raises(EncoderMismatch, match="not one that the model pack was trained on"):
            several.prepare(source, foreign)
    with pytest.raises(EncoderMismatch):
        stylizer.prepare(source, several.style("old-wall"))


@pytest.mark.parametrize("size", [(261, 275), (97, 210), (8, 64), (33, 17)])
def test_tiles_equal_the_whole(several: OwnStyles, photo: Pixels, size: tuple[int, int]) -> None:
    height, width = size
    picture = np.tile(photo, (4, 3, 1))[:height, :width]
    random = np.random.default_rng(height)
    painter = several.prepare(open_picture(picture), several.style(["dusk-blue", "old-wall"]))
    full = painter.paint(whole(height, width))
    for _ in range(4):
        top, left = (int(random.integers(side)) for side in size)
        rows, columns = (int(random.integers(1, 1 + n)) for n in (height - top, width - left))
        window = Window(top, left, rows, columns)
        np.testing.assert_allclose(painter.paint(window), full[window.slices], atol=1e-3)


@pytest.mark.parametrize("engine", ["onnxruntime", "torch"])
def test_engines_paint_the_same_picture(several: OwnStyles, photo: Pixels, engine: str) -> None:
    other = FastStylizer.open(several.model.folder, engine=engine, precision="f32", device="cpu")
    source, style = open_picture(photo), several.style("tall-grass")
    ours, theirs = (one.prepare(source, style).paint(whole(72, 96)) for one in (several, other))
    assert np.abs(ours - theirs).max() < 2 / 255


def test_regions_have_their_own_styles(several: OwnStyles, photo: Pixels) -> None:
    source, style = open_picture(photo), several.style("dusk-blue")
    half = np.zeros((72, 96), np.float32)
    half[:, 48:] = 1
    region = Region(Mask(half), several.style("old-wall"))
    painted = several.prepare(source, style, [region]).paint(whole(72, 96))
    ground, other = (
        several.prepare(source, each).paint(whole(72, 96))
        for each in (style, region.style)
        if each is not None
    )
    assert np.abs(painted - ground)[:, :8].max() < np.abs(painted - other)[:, :8].max()
    assert np.abs(painted - other)[:, -8:].max() < np.abs(painted - ground)[:, -8:].max()


def paint(photo: Pixels, model: Path, **options: Any) -> npt.NDArray[np.int16]:
    painted = impasto.stylize_array(photo, model=model, precision="f32", **options)
    return painted[..., :3].astype(np.int16)


def test_strength_fades_from_the_photo_to_the_painting(lone: Path, photo: Pixels) -> None:
    before = np.rint(photo * 255).astype(np.int16)
    np.testing.assert_array_equal(paint(photo, lone, strength=0), before)
    painted = paint(photo, lone)
    halfway = paint(photo, lone, strength=0.5)
    assert np.abs(2 * halfway - before - painted).max() <= 2
    with pytest.raises(SettingError, match=r"between 0 and 1 here, got 1\.5"):
        paint(photo, lone, strength=1.5)


def test_only_what_sees_vectors_moves_them(one: OwnStyles, stylizer: FastStylizer) -> None:
    assert has_vectors(stylizer) and has_vectors(Strokes(stylizer))
    assert not has_vectors(one) and not has_vectors(Strokes(one))


@pytest.mark.parametrize(
    "options",
    [
        {"colors": "content"},
        {"colors": "match"},
        {"palette": ("#203040", "#f0e0c0")},
        {"strokes": "2"},
        {"strokes": "0.5"},
        {"size": 40},
        {"region": ("5,5=dusk-blue:0.5", "all=photo:0.2")},
        {"select": ("5,5",)},
    ],
    ids=lambda options: "-".join(options),
)
def test_every_control_works(lone: Path, photo: Pixels, options: dict[str, Any]) -> None:
    plain, controlled = paint(photo, lone), paint(photo, lone, **options)
    assert controlled.max() > controlled.min()
    assert plain.shape != controlled.shape or np.abs(plain - controlled).mean() > 0.5


def test_relative_strokes_are_those_of_a_small_picture(lone: Path, photo: Pixels) -> None:
    large = np.tile(photo, (10, 8, 1))
    assert paint(large, lone).shape == (720, 768, 3)


def test_16_bits_stay(lone: Path, photo: Pixels) -> None:
    deep = np.rint(photo * 65535).astype(np.uint16)
    painted = impasto.stylize_array(deep, model=lone)
    assert painted.dtype == np.uint16 and (painted % 257 != 0).any()


def test_a_file_tells_model_style_and_licence(pack: Path, photo: Pixels, tmp_path: Path) -> None:
    impasto.stylize_file(photo, tmp_path / "out.png", "old-wall", model=pack)
    told = read_disclosure(tmp_path / "out.png")
    assert told is not None
    settings = told["settings"]
    assert settings["model"] == "pack" and settings["model_licence"] == "Apache-2.0"
    assert settings["style"]["name"] == "old-wall" and settings["style"]["licence"] == "CC0"


def test_a_folder_is_resumed_until_the_model_changes(
    pack: Path, lone: Path, photo: Pixels, tmp_path: Path
) -> None:
    shots = tmp_path / "shots"
    shots.mkdir()
    Image.fromarray(np.rint(photo * 255).astype(np.uint8)).save(shots / "a.png")

    def again(model: Path, style: str) -> dict[str, int]:
        report = impasto.stylize_folder(
            shots, style, tmp_path / "out", model=model, resume=True, overwrite=True
        )
        totals: dict[str, int] = report.as_mapping()["totals"]
        return totals

    assert again(pack, "dusk-blue")["painted"] == 1
    assert again(pack, "dusk-blue")["skipped"] == 1
    assert again(lone, "dusk-blue")["painted"] == 1  # of the same name, by another network


def test_a_model_exported_anew_is_opened_anew(lone: Path, pack: Path, tmp_path: Path) -> None:
    place = copytree(lone, tmp_path / "mine")
    first = open_stylizer(StylizeSettings(), place)
    assert open_stylizer(StylizeSettings(), place) is first
    rmtree(place)
    copytree(pack, place)
    assert open_stylizer(StylizeSettings(), place).model.kind == "styles"
