"""Tiny pictures to train on."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder of two contents and two styles, 40 x 48 of noise."""
    random = np.random.default_rng(0)
    for folder in ("content", "style"):
        (tmp_path / "data" / folder).mkdir(parents=True)
        for i in range(2):
            pixels = random.integers(0, 255, (40, 48, 3)).astype(np.uint8)
            Image.fromarray(pixels).save(tmp_path / "data" / folder / f"group_{i}.png")
    return tmp_path / "data"
