"""``impasto mask``: a mask and its preview, and nothing where a place is wrong."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from impasto.cli.app import main


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    pixels = np.full((60, 90, 3), (40, 90, 200), np.uint8)
    pixels[20:50, 10:60] = (220, 200, 30)
    Image.fromarray(pixels).save("photo.png")
    return tmp_path


def test_a_mask_is_white_inside(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mask", "photo.png", "--select", "30,30", "--feather", "0"]) == 0
    assert capsys.readouterr().out == "photo.mask.png\n"
    mask = np.asarray(Image.open("photo.mask.png").convert("L"))
    assert mask.shape == (60, 90)
    assert mask[24:46, 14:56].min() == 255
    assert mask[:16].max() == mask[:, 66:].max() == 0


def test_what_mask_writes_is_what_region_takes(place: Path, own_folders: None) -> None:
    assert main(["mask", "photo.png", "--select", "5,5", "-o", "ground.png"]) == 0
    assert main(["stylize", "photo.png", "--style", "great-wave", "-o", "painted.png",
                 "--region", "ground.png=photo"]) == 0  # fmt: skip
    before, after = (np.asarray(Image.open(n), np.int16) for n in ("photo.png", "painted.png"))
    np.testing.assert_array_equal(after[:15], before[:15])
    assert np.abs(after - before)[30:40, 20:50].mean() > 2


def test_select_paints_the_region_only(place: Path, own_folders: None) -> None:
    assert main(["stylize", "photo.png", "--style", "great-wave", "-o", "painted.png",
                 "--select", "30,30"]) == 0  # fmt: skip
    before, after = (np.asarray(Image.open(n), np.int16) for n in ("photo.png", "painted.png"))
    np.testing.assert_array_equal(after[:15], before[:15])
    assert np.abs(after - before)[30:40, 20:50].mean() > 2


def test_the_preview_shows_the_region_and_dims_the_rest(place: Path) -> None:
    assert main(["mask", "photo.png", "--select", "30,30", "--preview", "seen.png"]) == 0
    photo, seen = (np.asarray(Image.open(n), np.float32) for n in ("photo.png", "seen.png"))
    assert np.abs(photo - seen)[28:42, 20:50].max() <= 2
    assert seen[:10].max() < 0.5 * photo[:10].max()
    assert (seen == (255, 26, 153)).all(-1).any()


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ([], 2, "--select X,Y"),
        (["--select", "90,5"], 2, "not inside photo.png, which has 90 x 60 pixels"),
        (["--select", "here"], 2, "no place in a picture"),
        (["--select", "5,5", "--preview", "gone/x.png"], 4, 'no folder "gone"'),
        (["--select", "5,5", "-o", "photo.png", "--overwrite"], 2, "different files"),
        (["--select", "5,5", "--preview", "./photo.png", "--overwrite"], 2, "different files"),
        (["--select", "5,5", "-o", "x.png", "--preview", "x.png"], 2, "different files"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(
    place: Path, words: list[str], code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["mask", "photo.png", *words]) == code
    shown = capsys.readouterr().err
    assert shown.startswith("impasto: error: ") and shown.count("\n") == 1
    assert message in shown
    assert [path.name for path in place.iterdir()] == ["photo.png"]
