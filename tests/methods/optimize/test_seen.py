"""Paintings at the sizes of a canvas, and what an encoder sees of them, in blocks or whole."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
import torch

from impasto.features.encoder import Encoder
from impasto.features.statistics import moments
from impasto.images.source import Source, open_picture
from impasto.methods.optimize.blocks import blocks
from impasto.methods.optimize.pyramid import halved
from impasto.methods.optimize.seen import (
    ContentFeatures,
    features_of,
    moments_in_blocks,
    painted_levels,
    to_tensor,
)

Make = Callable[[torch.dtype], Encoder]
Pixels = npt.NDArray[np.float32]
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def painting(photo: Pixels) -> Source:
    return open_picture(photo)


@pytest.mark.parametrize("size", [(16, 16), (72, 96), (100, 100), (400, 500), (3000, 5000)])
@pytest.mark.parametrize("strokes", [0.25, 1.0, 4.0])
def test_paintings_are_never_enlarged(
    painting: Source, size: tuple[int, int], strokes: float
) -> None:
    levels = painted_levels(painting, size, 4, strokes, CPU)
    assert len(levels) == 4
    for level in levels:
        assert level.shape[2] <= 72 and level.shape[3] <= 96


@pytest.mark.parametrize("size", [(24, 32), (72, 96), (96, 72), (60, 60), (250, 250)])
def test_levels_are_halves_of_each_other_unless_the_painting_is_too_small(
    painting: Source, size: tuple[int, int]
) -> None:
    levels = painted_levels(painting, size, 4, 1.0, CPU)
    wanted = (size[0] * size[1] / (72 * 96)) ** 0.5 * 96
    for number, level in enumerate(levels):
        side = wanted / 2**number
        assert level.shape[3] == pytest.approx(min(96, side), abs=1)
        if number and 2 * side <= 96.5:
            torch.testing.assert_close(level, halved(levels[number - 1]), atol=1e-6, rtol=0)


def test_a_canvas_of_its_own_size_is_given_the_painting_itself(
    painting: Source, photo: Pixels
) -> None:
    first = painted_levels(painting, (72, 96), 2, 1.0, CPU)[0]
    torch.testing.assert_close(first, to_tensor(photo), atol=0.5 / 255 + 1e-6, rtol=0)


def test_larger_strokes_are_a_larger_painting(painting: Source) -> None:
    small, large = (painted_levels(painting, (36, 48), 1, s, CPU)[0] for s in (1.0, 2.0))
    assert small.shape[2:] == (36, 48) and large.shape[2:] == (72, 96)


@pytest.mark.parametrize("layer", ["relu1_1", "relu3_4", "relu5_1"])
def test_moments_in_blocks_are_those_of_all_features(tiny: Make, photo: Pixels, layer: str) -> None:
    encoder, picture = tiny(torch.float64), to_tensor(photo[:61, :77])
    wanted = moments(features_of(encoder, picture, layer, 16))
    for side in (16, 50, 1000):
        found = moments_in_blocks(
            encoder, picture, layer, side=side, multiple=16, diagonal=False, precise=True
        )
        torch.testing.assert_close(found.mean, wanted.mean)
        torch.testing.assert_close(found.covariance, wanted.covariance)


def test_the_contents_features_are_the_same_kept_or_computed_anew(
    tiny: Make, photo: Pixels
) -> None:
    encoder, picture = tiny(torch.float64), to_tensor(photo[:61, :77])
    kept, anew = (
        ContentFeatures(encoder, picture, "relu3_4", side=side, multiple=16) for side in (100, 16)
    )
    assert kept.whole is not None and anew.whole is None
    reach = encoder.reach("relu3_4")
    for block in blocks(61, 77, side=16, reach=reach, multiple=16):
        torch.testing.assert_close(anew(block), kept(block))
