"""A finished painting is cut into windows."""

import numpy as np
import numpy.typing as npt
import torch

from impasto.images.samples import to_floats
from impasto.images.source import open_picture
from impasto.images.window import Window, whole
from impasto.methods.base import WholePainter
from impasto.methods.optimize.finished import FinishedPainter, samples_of

Pixels = npt.NDArray[np.float32]
WHOLE = whole(72, 96)


def painting() -> torch.Tensor:
    return torch.rand(1, 3, 72, 96, generator=torch.Generator().manual_seed(0))


def test_windows_are_those_of_the_whole(photo: Pixels) -> None:
    source = open_picture(photo)
    painter = FinishedPainter(source, samples_of(painting()))
    everything = painter.paint(WHOLE)
    np.testing.assert_allclose(everything, painting()[0].permute(1, 2, 0), atol=1e-5)
    for window in (Window(0, 0, 1, 96), Window(71, 90, 1, 6), Window(10, 20, 33, 44)):
        np.testing.assert_array_equal(painter.paint(window), everything[window.slices])
    assert isinstance(painter, WholePainter)
    np.testing.assert_array_equal(painter.thumbnail(96), everything)
    assert painter.thumbnail(24).shape == (18, 24, 3)


def test_tall_paintings_are_taken_in_bands() -> None:
    tall = torch.linspace(0, 1, 1100).view(1, 1, 1100, 1).expand(1, 3, 1100, 2)
    found = to_floats(samples_of(tall))
    np.testing.assert_allclose(found[:, 1, 2], np.linspace(0, 1, 1100), atol=1e-5)
