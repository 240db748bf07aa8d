"""`impasto lut` writes a table that other programs read, whole or not at all."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from impasto.cli.app import main
from impasto.images.lut import Lut

Pixels = npt.NDArray[np.float32]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, photo: Pixels) -> Path:
    """A folder with a photo in which we stand."""
    Image.fromarray((photo * 255).astype(np.uint8)).save(tmp_path / "photo.png")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_table_is_written_beside_the_photo(
    place: Path, photo: Pixels, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lut", "photo.png", "--style", "starry-night"]) == 0
    assert capsys.readouterr().out == "photo.starry-night.cube\n"
    table = Lut.from_cube((place / "photo.starry-night.cube").read_text())
    assert table.table.shape == (33, 33, 33, 3)
    assert np.abs(table(photo) - photo).mean() > 0.02


def test_matched_colors_change_nothing(place: Path, photo: Pixels) -> None:
    words = ["--style", "starry-night", "--colors", "match", "-o", "x.cube"]
    assert main(["lut", "photo.png", *words]) == 0
    table = Lut.from_cube((place / "x.cube").read_text())
    assert np.abs(table(photo) - photo).mean() < 0.06  # but for colors beyond the gamut


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["--style", "starry-night", "--colors", "content"], 2, "nothing to export"),
        (["--style", "stary-night"], 2, 'Did you mean "starry-night"?'),
        (["--style", "starry-night", "--palette", "navvy"], 2, 'Did you mean "navy"?'),
        (["--style", "starry-night", "-o", "x.png"], 4, "x.cube"),
        (["--style", "starry-night", "-o", "gone/x.cube"], 4, "mkdir"),
        (["--style", "starry-night", "-o", "there.cube"], 4, "--overwrite"),
        ([], 2, "Which style?"),
    ],
)
def test_errors_are_one_line_and_leave_nothing(
    place: Path, words: list[str], code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / "there.cube").write_text("mine")
    assert main(["lut", "photo.png", *words]) == code
    shown = capsys.readouterr().err
    assert shown.count("\n") == 1 and message in shown
    assert {path.name for path in place.iterdir()} == {"photo.png", "there.cube"}
    assert (place / "there.cube").read_text() == "mine"


def test_an_existing_table_is_replaced_when_asked(place: Path) -> None:
    (place / "x.cube").write_text("mine")
    words = ["--style", "starry-night", "-o", "x.cube", "--overwrite"]
    assert main(["lut", "photo.png", *words]) == 0
    assert (place / "x.cube").read_text().startswith("TITLE")
