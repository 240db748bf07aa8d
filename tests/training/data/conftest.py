"""A folder of pictures, good and bad, all drawn here."""

from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from impasto.images.patterns import PATTERNS, render

Pixels = npt.NDArray[np.uint8]


@cache
def drawn(number: int, height: int = 144, width: int = 192) -> Pixels:
    """Return a picture that is like no other."""
    pattern = render(sorted(PATTERNS)[number], 0, 192, palette_seed=number)
    return np.round(255 * pattern[:height, :width]).astype(np.uint8)


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """Eight pictures in three formats, of which four are in a folder of their own."""
    top = tmp_path / "photos"
    (top / "sea").mkdir(parents=True)
    for number in range(8):
        suffix = ("jpg", "png", "webp")[number % 3]
        place = top / "sea" if number % 2 else top
        Image.fromarray(drawn(number)).save(place / f"{number}.{suffix}")
    return top


@pytest.fixture
def bad(good: Path) -> Path:
    """The same pictures, and one for each thing that can be wrong."""
    first = (good / "0.jpg").read_bytes()
    (good / "cut.jpg").write_bytes(first[: len(first) // 2])
    (good / "page.jpg").write_text("<html>not found</html>")
    (good / "copy.jpg").write_bytes(first)
    Image.fromarray(drawn(0)).resize((300, 225)).save(good / "larger.png")
    Image.new("RGB", (200, 200), "teal").save(good / "flat.png")
    Image.fromarray(drawn(9)[:40]).save(good / "small.png")
    Image.fromarray(drawn(10)).save(good / "really.png")
    (good / "really.png").rename(good / "wrong.jpg")
    (good / "notes.txt").write_text("no picture")
    return good
