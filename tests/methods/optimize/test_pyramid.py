"""The pyramid keeps constants, has no aliases, and its gradient is autograd's."""

import pytest
import torch

from impasto.methods.optimize.pyramid import gathered, halved, pyramid

SHAPES = [(32, 48), (37, 51), (1, 9), (9, 1), (1, 1), (2, 3)]


@pytest.mark.parametrize(("height", "width"), SHAPES)
def test_a_constant_stays_constant_and_sizes_are_halved_upwards(height: int, width: int) -> None:
    levels = pyramid(torch.full((1, 3, height, width), 0.3), 4)
    for number, level in enumerate(levels):
        assert level.shape[2:] == (-(-height // 2**number), -(-width // 2**number))
        torch.testing.assert_close(level, torch.full_like(level, 0.3))


def test_the_finest_stripes_vanish() -> None:
    stripes = torch.arange(32.0).remainder(2).expand(1, 1, 32, 32)
    torch.testing.assert_close(halved(stripes)[..., 1:-1], torch.full((1, 1, 16, 14), 0.5))


def test_a_ramp_stays_where_it_is() -> None:
    ramp = torch.arange(32.0).expand(1, 1, 8, 32)
    wanted = torch.arange(16.0) * 2 + 0.5  # the place between two pixels
    torch.testing.assert_close(halved(ramp)[0, 0, 0, 1:-1], wanted[1:-1])


@pytest.mark.parametrize(("height", "width"), SHAPES)
def test_the_gathered_gradient_is_that_of_autograd(height: int, width: int) -> None:
    random = torch.Generator().manual_seed(0)
    leaf = torch.rand(1, 3, height, width, generator=random, dtype=torch.float64).requires_grad_()
    levels = pyramid(leaf, 4)
    loss = torch.stack([(level.exp() * (n + 1)).sum() for n, level in enumerate(levels)]).sum()
    (wanted,) = torch.autograd.grad(loss, leaf)
    pictures = [level.detach() for level in levels]
    own = [level.exp() * (n + 1) for n, level in enumerate(pictures)]
    torch.testing.assert_close(gathered(pictures, own), wanted)
