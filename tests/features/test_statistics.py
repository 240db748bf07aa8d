"""Moments and Gram matrices against plain formulae."""

import torch

from impasto.features.statistics import gram_matrix, instance_normalized, moments


def features(*shape: int) -> torch.Tensor:
    return torch.rand(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(0))


def test_gram_matrix_of_ones_is_ones() -> None:
    torch.testing.assert_close(gram_matrix(torch.ones(2, 3, 5, 7)), torch.ones(2, 3, 3))


def test_moments_are_mean_and_covariance() -> None:
    x = features(2, 3, 5, 7)
    found = moments(x)
    for one, mean, covariance in zip(x.flatten(2), found.mean, found.covariance, strict=True):
        torch.testing.assert_close(mean, one.mean(1))
        torch.testing.assert_close(covariance, torch.cov(one, correction=0))


def test_std_is_the_root_of_the_variance() -> None:
    x = features(1, 4, 6, 6) * 10
    torch.testing.assert_close(moments(x).std, x.std((2, 3), correction=0), atol=1e-5, rtol=1e-4)


def test_moments_do_not_depend_on_memory_layout() -> None:
    x = features(2, 3, 4, 5)
    last = x.contiguous(memory_format=torch.channels_last)
    torch.testing.assert_close(moments(x).covariance, moments(last).covariance)


def test_gradients_are_right() -> None:
    x = features(2, 3, 3, 4).requires_grad_()
    assert torch.autograd.gradcheck(lambda t: tuple(moments(t)), x)


def test_gradient_of_a_flat_picture_is_finite() -> None:
    x = torch.full((1, 2, 4, 4), 0.5, requires_grad=True)
    moments(x).std.sum().backward()  # type: ignore[no-untyped-call]
    assert x.grad is not None and torch.isfinite(x.grad).all()


def test_half_precision_features_give_float32_moments() -> None:
    assert moments(torch.rand(1, 2, 4, 4).bfloat16()).covariance.dtype == torch.float32


def test_instance_normalization_forgets_scale_and_shift() -> None:
    x = features(1, 3, 8, 8)
    torch.testing.assert_close(
        instance_normalized(x), instance_normalized(100 * x + 5), atol=2e-4, rtol=1e-3
    )
