"""Moments are those of the encoder's features, at sizes that the painting has."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

import numpy as np
import numpy.typing as npt
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from impasto.errors import SettingError
from impasto.features.encoder import Cell, Encoder
from impasto.images.source import open_picture
from impasto.methods.optimize.moments import moments_of
from impasto.methods.optimize.pyramid import halved

Pixels = npt.NDArray[np.float32]


class Blocks(Encoder):
    """Sees the pixels themselves, and means of 4 x 4 of them."""

    def __init__(self, dtype: torch.dtype = torch.float32) -> None:
        cells = {"pixels": Cell(), "means": Cell().through(4, stride=4, padding=0)}
        super().__init__("blocks", "none", "b1", cells, dtype=dtype)

    def walk(self, x: Tensor, wanted: AbstractSet[str]) -> Iterator[tuple[str, Tensor]]:
        yield "pixels", x
        yield "means", F.avg_pool2d(x, 4)


def test_they_are_mean_and_deviation_of_the_features(photo: Pixels) -> None:
    moments = moments_of(open_picture(photo), Blocks(), sizes=(48, 96))
    assert moments.encoder_id == "b1" and list(moments.sizes) == [48, 96]
    coarse = halved(torch.from_numpy(photo).permute(2, 0, 1)[None])[0].permute(1, 2, 0).numpy()
    for size, picture in ((96, photo), (48, coarse)):
        means = picture.reshape(size * 3 // 16, 4, size // 4, 4, 3).mean((1, 3))
        for layer, seen in (("pixels", picture), ("means", means)):
            wanted = np.stack([seen.mean((0, 1)), seen.std((0, 1))])
            np.testing.assert_allclose(moments.at(size)[layer], wanted, atol=3e-3)  # of 8 bits


def test_sizes_beyond_the_paintings_own_count_as_its_own(photo: Pixels) -> None:
    painting = open_picture(photo)
    assert list(moments_of(painting, Blocks(), sizes=(32, 200, 512)).sizes) == [32, 96]
    assert list(moments_of(painting, Blocks(), sizes=(200,)).sizes) == [96]


@pytest.mark.parametrize("shape", [(1, 1), (1, 64), (64, 2)])
def test_the_narrowest_paintings_have_moments(shape: tuple[int, int]) -> None:
    painting = open_picture(np.full((*shape, 3), 0.5, np.float32))
    for seen in moments_of(painting, Blocks()).sizes.values():
        np.testing.assert_allclose(seen["means"], [[0.5] * 3, [0.0] * 3], atol=3e-3)


def test_half_precision_of_the_encoder_is_not_that_of_the_sums(photo: Pixels) -> None:
    painting = open_picture(photo)
    exact, half = (moments_of(painting, Blocks(dtype)) for dtype in (torch.float32, torch.bfloat16))
    for size, seen in exact.sizes.items():
        for layer, value in seen.items():
            np.testing.assert_allclose(half.sizes[size][layer], value, atol=2e-3)


def test_layers_may_be_chosen(photo: Pixels) -> None:
    painting = open_picture(photo)
    assert list(moments_of(painting, Blocks(), layers=["means"]).at(64)) == ["means"]
    with pytest.raises(SettingError, match='Did you mean "means"'):
        moments_of(painting, Blocks(), layers=["mean"])
