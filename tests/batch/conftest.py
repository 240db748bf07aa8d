"""Small pictures that many tests of batches paint."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image


@pytest.fixture
def shots(tmp_path: Path, photo: npt.NDArray[np.float32]) -> Path:
    """A folder with six different pictures, some deeper, of odd sizes."""
    folder = tmp_path / "shots"
    names = ("a.png", "b.png", "c.jpg", "trip/d.png", "trip/far/e.png", "trip/f.webp")
    for number, name in enumerate(names):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = (photo[: 51 + number, : 67 + number] * 255).astype(np.uint8)
        Image.fromarray(np.roll(pixels, number * 7, axis=1)).save(path)
    return folder


@pytest.fixture
def contents() -> Callable[[Path], dict[str, bytes]]:
    """A function that returns every file of a folder, hidden ones too, by its name within it."""

    def read(folder: Path) -> dict[str, bytes]:
        files = (path for path in sorted(folder.rglob("*")) if path.is_file())
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}

    return read
