"""Blocks tile the features of the whole exactly, and see what the whole sees."""

from collections.abc import Callable

import pytest
import torch

from impasto.features.encoder import Encoder
from impasto.methods.optimize.blocks import blocks, margin_for, with_margin

Make = Callable[[torch.dtype], Encoder]
SHAPES = [(32, 48), (37, 51), (1, 90), (90, 1), (1, 1), (65, 33)]


@pytest.mark.parametrize(("height", "width"), SHAPES)
@pytest.mark.parametrize("side", [5, 16, 24, 1000])
@pytest.mark.parametrize("stride", [1, 4, 16])
def test_every_feature_belongs_to_one_block(
    height: int, width: int, side: int, stride: int
) -> None:
    owners = torch.zeros(-(-height // stride), -(-width // stride))
    for block in blocks(height, width, side=side, reach=9, multiple=16):
        block.part(owners, stride).add_(1)
        assert block.part(owners, stride).shape == block.extent(stride)
    assert (owners == 1).all()


@pytest.mark.parametrize(("height", "width"), SHAPES)
@pytest.mark.parametrize("layer", ["relu1_1", "relu3_4", "relu5_1"])
def test_features_of_blocks_are_those_of_the_whole(
    tiny: Make, height: int, width: int, layer: str
) -> None:
    encoder = tiny(torch.float64)
    stride, multiple = encoder.stride(layer), 16
    picture = torch.rand(1, 3, height, width, generator=torch.Generator().manual_seed(1))
    padded = with_margin(picture, margin_for(multiple))
    (one,) = blocks(height, width, side=1000, reach=0, multiple=multiple)
    whole = one.owned(encoder(padded, [layer])[layer], stride)
    assert whole.shape[2:] == (-(-height // stride), -(-width // stride))
    reach = encoder.reach(layer)
    for block in blocks(height, width, side=16, reach=reach, multiple=multiple):
        own = block.owned(encoder(block.cut(padded), [layer])[layer], stride)
        torch.testing.assert_close(own, block.part(whole, stride), rtol=1e-12, atol=1e-12)


def test_blocks_are_no_larger_than_asked_for() -> None:
    for block in blocks(100, 70, side=35, reach=8, multiple=4):
        assert max(block.inner.height, block.inner.width) <= 35
        assert block.outer.height <= block.inner.height + 2 * 12


def test_the_margin_mirrors_the_picture() -> None:
    picture = torch.rand(1, 3, 20, 30, generator=torch.Generator().manual_seed(0))
    padded = with_margin(picture, 8)
    torch.testing.assert_close(padded[..., 8:28, 8:38], picture)
    torch.testing.assert_close(padded[..., 7, 8:38], picture[..., 1, :])
    tiny = with_margin(picture[..., :1], 8)
    assert tiny.shape == (1, 3, 36, 17) and (tiny[..., 8:28, :] == picture[..., :1]).all()


def test_own_pixels_come_with_the_next_row_and_column() -> None:
    picture = torch.rand(1, 3, 40, 50, generator=torch.Generator().manual_seed(0))
    padded = with_margin(picture, margin_for(4))
    for block in blocks(40, 50, side=16, reach=5, multiple=4):
        inner = block.inner
        wanted = padded[..., inner.top : inner.bottom + 1, inner.left : inner.right + 1]
        torch.testing.assert_close(block.owned_with_next(block.cut(padded)), wanted)
