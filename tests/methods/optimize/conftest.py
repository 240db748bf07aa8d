"""A tiny encoder with the layers of the embedded one: random, smooth, seeded."""

import os
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet

import numpy as np
import numpy.typing as npt
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from impasto.features.encoder import Cell, Encoder
from impasto.images.source import Source, open_picture
from impasto.methods.optimize import stylizer
from impasto.provenance.cards import StyleCard
from impasto.styles.style import Style


class Tiny(Encoder):
    """Convolutions of few channels, smooth so that finite differences have no kinks."""

    def __init__(self, dtype: torch.dtype) -> None:
        first = Cell().through(3)
        second = first.through(2, stride=2).through(3)
        third = second.through(2, stride=2).through(3)
        fourth = third.through(3)
        fifth = fourth.through(4, stride=4, padding=0).through(3)
        cells = {"relu1_1": first, "relu2_1": second, "relu3_1": third, "relu3_4": fourth}
        super().__init__("tiny", "none", "t1", cells | {"relu5_1": fifth}, dtype=dtype)
        random = torch.Generator().manual_seed(0)
        self.limit, self.error, inputs = 1 << 40, RuntimeError(), 3
        for name, width in zip(self.layers, (4, 6, 8, 8, 5), strict=True):
            kernel = torch.randn(width, inputs, 3, 3, generator=random) / (9 * inputs) ** 0.5
            self.register_buffer(name, 2 * kernel.to(dtype), persistent=False)
            inputs = width

    def walk(self, x: Tensor, wanted: AbstractSet[str]) -> Iterator[tuple[str, Tensor]]:
        if x.shape[2] * x.shape[3] > self.limit:
            raise self.error
        for name in self.layers:
            pooling = {"relu2_1": 2, "relu3_1": 2, "relu5_1": 4}.get(name, 1)
            x = F.avg_pool2d(x, pooling) if pooling > 1 else x
            x = F.gelu(F.conv2d(x, getattr(self, name), padding=1))
            yield name, x


@pytest.fixture(scope="session")
def tiny() -> Callable[[torch.dtype], Encoder]:
    """Make an encoder: strides 1, 2, 4, 4 and 16; `limit` and `error` make it fail."""
    return Tiny


@pytest.fixture
def encoder(tiny: Callable[[torch.dtype], Encoder], monkeypatch: pytest.MonkeyPatch) -> Encoder:
    """The encoder that every name opens."""
    one = tiny(torch.float32)
    monkeypatch.setattr(stylizer, "open_encoder", lambda name, **how: one)
    return one


@pytest.fixture(scope="session")
def source(photo: npt.NDArray[np.float32]) -> Source:
    """The photo, opened."""
    return open_picture(photo)


@pytest.fixture(scope="session")
def style(photo: npt.NDArray[np.float32]) -> Style:
    """A painting: the photo turned, darker, its colors exchanged."""
    return Style.of_painting(open_picture(photo[::-1, :, ::-1] ** 2), StyleCard("other-side"))


@pytest.fixture(autouse=True)
def no_power_cuts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for the disk: what these tests kill are processes."""
    monkeypatch.setattr(os, "fsync", lambda file: None)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Leave the number of threads as it was."""
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)
