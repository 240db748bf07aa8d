"""What a mask means as it is written."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from impasto.errors import PictureError, UsageError
from impasto.images.mask_words import mask_of
from impasto.images.source import Source, open_picture


@pytest.fixture
def source() -> Source:
    pixels = np.full((40, 60, 4), 255, np.uint8)
    pixels[:, :30, :3] = 20
    pixels[:10, :, 3] = 0
    return open_picture(pixels)


def test_words_and_their_contraries(source: Source) -> None:
    assert mask_of("all", source).plane.min() == 1
    assert mask_of("not:all", source).plane.max() == 0
    alpha = mask_of("alpha", source).plane
    assert alpha[:10].max() == 0 and alpha[10:].min() == 1
    np.testing.assert_array_equal(mask_of("!alpha", source).plane, 1 - alpha)
    np.testing.assert_array_equal(mask_of("!not:alpha", source).plane, alpha)


def test_places_select(source: Source) -> None:
    dark = mask_of("5,30", source).plane
    assert dark[:, :25].min() > 0.9 and dark[:, 35:].max() < 0.1


def test_a_file_is_a_mask(source: Source, tmp_path: Path) -> None:
    path = tmp_path / "sky=blue.png"
    Image.fromarray(np.full((4, 6), 255, np.uint8)).save(path)
    assert mask_of(str(path), source).plane.min() == 1


def test_a_missing_file_has_a_near_one(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sky.png").touch()
    with pytest.raises(UsageError, match=r'no mask "sky.pgn".*Did you mean "sky.png"'):
        mask_of("sky.pgn", source)
    with pytest.raises(UsageError, match=r'Did you mean "alpha"'):
        mask_of("alhpa", source)
    with pytest.raises(UsageError, match="no mask"):
        mask_of("not:", source)


def test_a_file_that_is_no_picture_is_refused(source: Source, tmp_path: Path) -> None:
    path = tmp_path / "mask.png"
    path.write_text("no picture")
    with pytest.raises(PictureError):
        mask_of(str(path), source)
