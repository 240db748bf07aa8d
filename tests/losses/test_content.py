"""Content losses compare place by place."""

import torch
from torch import Tensor

from impasto.losses.content import content_loss, feature_loss, self_similarity_loss


def features(*shape: int, seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, dtype=torch.float64, generator=generator)


def test_content_loss_sees_where_things_are_and_not_how_bright() -> None:
    x = features(2, 4, 5, 6)
    assert content_loss(x, x) == 0
    assert content_loss(x.flip(2), x) > 0.1
    assert content_loss(3 * x + 1, x) < 1e-3


def test_feature_loss_is_one_for_nothing_at_any_contrast() -> None:
    x = features(2, 4, 5, 6)
    assert feature_loss(x, x) == 0
    torch.testing.assert_close(float(feature_loss(0 * x, 50 * x)), 1.0)
    assert feature_loss(0 * x, 0 * x) == 0


def test_self_similarity_sees_which_places_are_alike_and_not_what_they_are() -> None:
    x = features(12, 4)
    rotation, _ = torch.linalg.qr(features(4, 4, seed=1))
    assert self_similarity_loss(x, x) == 0
    assert self_similarity_loss(3 * x @ rotation, x) < 1e-6
    assert self_similarity_loss(x.flip(0), x) > 0.1


def test_self_similarity_does_not_depend_on_how_many_places_are_seen() -> None:
    x, y = features(12, 4), features(12, 4, seed=1)
    once, often = self_similarity_loss(x, y), self_similarity_loss(x.repeat(3, 1), y.repeat(3, 1))
    torch.testing.assert_close(once, often)


def test_self_similarity_of_a_flat_picture_has_a_finite_gradient() -> None:
    for flat in (torch.ones(6, 4), torch.zeros(6, 4)):
        x = flat.requires_grad_()
        (slope,) = torch.autograd.grad(self_similarity_loss(x, features(6, 4).float()), x)
        assert torch.isfinite(slope).all()


def test_gradients_are_right() -> None:
    x, wanted = features(5, 3).requires_grad_(), features(5, 3, seed=1)
    assert torch.autograd.gradcheck(lambda t: self_similarity_loss(t, wanted), x)
    x, wanted = features(1, 3, 2, 4).requires_grad_(), features(1, 3, 2, 4, seed=1)
    assert torch.autograd.gradcheck(lambda t: feature_loss(t, wanted), x)
    assert torch.autograd.gradcheck(lambda t: content_loss(t, wanted), x)
