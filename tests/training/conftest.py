"""Tiny pictures to train on, and threads that sum in the same order each time."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
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


@pytest.fixture
def painting(data: Path) -> Path:
    """One of the styles."""
    return data / "style" / "group_0.png"


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Let sums be taken in the same order each time."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
