"""The header tells the size that the picture has when it is upright."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from impasto.errors import NotAPicture, PictureError, PictureTooLarge
from impasto.images.header import size_of
from impasto.images.source import open_picture


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_size_is_that_of_the_opened_picture(tmp_path: Path, orientation: int) -> None:
    path = tmp_path / "photo.jpg"
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(np.zeros((12, 20, 3), np.uint8)).save(path, exif=exif)
    source = open_picture(path)
    assert size_of(path, 1000) == (source.height, source.width)


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.jpg").write_text("no picture")
    with pytest.raises(NotAPicture, match=r"text\.jpg"):
        size_of(tmp_path / "text.jpg", 1000)
    with pytest.raises(PictureError, match="No such file"):
        size_of(tmp_path / "gone.jpg", 1000)
    Image.new("1", (100, 100)).save(tmp_path / "large.png")
    with pytest.raises(PictureTooLarge, match=r"10,000 pixels, 1,000 are allowed"):
        size_of(tmp_path / "large.png", 1000)
