"""Palette words mean colors, pictures or styles; what means nothing has a near name."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from impasto.errors import ImpastoError
from impasto.styles.gallery import find
from impasto.styles.palettes import parse_palette

Pixels = npt.NDArray[np.float32]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, photo: Pixels) -> Path:
    """A folder with a photo in which we stand."""
    Image.fromarray((photo * 255).astype(np.uint8)).save(tmp_path / "my,photo.png")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "words",
    [
        ["#f00,white , rgb(0, 0, 255)"],
        ["red", "#ffffff", "blue"],
        ["RED,white,", "hsl(240, 100%, 50%)"],
    ],
)
def test_colors_are_read_as_in_css(words: list[str]) -> None:
    found = parse_palette(words)
    assert found.colors.tolist() == [[1, 0, 0], [1, 1, 1], [0, 0, 1]] and not found.picture


def test_any_number_of_colors_fits_into_a_word() -> None:
    assert len(parse_palette([",".join(["#123456"] * 100)]).colors) == 100


def test_a_gallery_name_means_its_cards_palette() -> None:
    name = "great-wave"
    found = parse_palette([name])
    assert len(found.colors) == len(find(name).card.palette) and not found.picture


def test_a_picture_alone_gives_all_its_colors(place: Path) -> None:
    found = parse_palette(["my,photo.png"])
    assert found.picture and found.colors.shape == (72 * 96, 3)


def test_a_picture_in_company_gives_its_main_colors(place: Path) -> None:
    found = parse_palette(["my,photo.png", "navy"])
    assert not found.picture and len(found.colors) == 7


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["navvy"], 'Did you mean "navy"?'),
        (["1b3a6b"], 'Did you mean "#1b3a6b"?'),
        (["gold,#12345"], 'no color "#12345"'),
        (["grate-wave"], 'Did you mean "great-wave"?'),
        (["photo.jpg"], 'There is no file "photo.jpg"'),
        (["./photo.png"], "There is no file"),
        ([","], "empty"),
        ([], "empty"),
    ],
)
def test_other_words_are_refused(place: Path, words: list[str], message: str) -> None:
    with pytest.raises(ImpastoError) as caught:
        parse_palette(words)
    assert message in str(caught.value)
