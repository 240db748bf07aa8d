"""Long runs, for `make soak`: hundreds of pictures in one command do not pile up in memory."""

import resource
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from impasto.cli.app import main
from impasto.styles.gallery import names

UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes


def peak() -> float:
    """Return the most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * UNIT / 1e6


@pytest.mark.soak
def test_memory_stays_flat_over_many_pictures(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    photos = tmp_path / "photos"
    photos.mkdir()
    for number in range(200):
        height, width = random.integers(64, 640, 2)
        pixels = random.integers(0, 255, (height, width, 3), np.uint8)
        Image.fromarray(pixels).save(photos / f"{number}.jpg")
    output = f"{tmp_path}/painted/"
    assert main(["stylize", str(photos), "--style", names()[0], "-o", output]) == 0
    settled = peak()
    assert main(["stylize", str(photos), "--style", names()[1], "-o", output]) == 0
    assert len(list((tmp_path / "painted").iterdir())) == 400
    assert peak() - settled < 100
