"""Renormalising in one step: the same as in many, forwards and backwards."""

import pytest
import torch
from torch import Tensor

from impasto.networks.renormalize import renormalized
from impasto.networks.sites import apply, to_moments


def inputs(offset: float = 0.3, contrast: float = 1.0) -> tuple[Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(0)
    x, mean, std = (
        torch.randn(*shape, dtype=torch.float64, generator=generator)
        for shape in ((2, 3, 4, 5), (2, 3), (2, 3))
    )
    x = contrast * x + offset
    return x.requires_grad_(), mean.requires_grad_(), std.requires_grad_()


@pytest.mark.parametrize("contrast", [1.0, 1e-3])  # the second is below the floor
def test_it_equals_moments_then_scale_and_shift(contrast: float) -> None:
    x, mean, std = inputs(3.0, contrast)
    wanted = apply(x, *to_moments(x, mean, std))
    found = renormalized(x, mean, std)
    torch.testing.assert_close(found, wanted)
    weights = torch.linspace(-1, 1, x.numel(), dtype=torch.float64).view_as(x).cos()
    for a, b in zip(
        torch.autograd.grad((found * weights).sum(), (x, mean, std)),
        torch.autograd.grad((wanted * weights).sum(), (x, mean, std)),
        strict=True,
    ):
        torch.testing.assert_close(a, b)


def test_the_gradient_is_that_of_finite_differences() -> None:
    assert torch.autograd.gradcheck(renormalized, inputs())


def test_the_result_has_the_wanted_moments() -> None:
    x, mean, std = inputs()
    made = renormalized(x, mean, std)
    torch.testing.assert_close(made.mean((2, 3)), mean)
    found = made.var((2, 3), correction=0).sqrt()
    torch.testing.assert_close(found, std.abs(), rtol=1e-3, atol=0)  # the floor takes a little


def test_half_precision_is_close_and_stays_half() -> None:
    x, mean, std = (t.detach() for t in inputs())
    made = renormalized(x.bfloat16(), mean.float(), std.float())
    assert made.dtype == torch.bfloat16
    torch.testing.assert_close(made.double(), renormalized(x, mean, std), atol=0.05, rtol=0.02)
