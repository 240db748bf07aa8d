"""The training criterion with a random loss network."""

from pathlib import Path

import torch

from impasto.features.registry import open_encoder
from impasto.losses.perceptual import PerceptualCriterion, PerceptualWeights


def test_a_picture_has_no_loss_against_itself(teacher: Path) -> None:
    weights = PerceptualWeights(covariance=1)
    criterion = PerceptualCriterion(open_encoder("vgg19", weights=teacher), weights)
    picture = torch.rand(2, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    terms = criterion(picture, picture, criterion.style_moments(picture))
    for name in ("style", "coarse", "covariance", "content", "structure", "range"):
        assert terms[name] < 1e-8, name


def test_variances_do_where_covariances_weigh_nothing(teacher: Path) -> None:
    encoder = open_encoder("vgg19", weights=teacher)
    one, other = (
        PerceptualCriterion(encoder, PerceptualWeights(covariance=weight)) for weight in (0, 1)
    )
    content, style = torch.rand(2, 2, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    seen, full = (c(content, content, c.style_moments(style)) for c in (one, other))
    assert "covariance" not in seen
    for name, value in seen.items():
        torch.testing.assert_close(value, full[name])


def test_layers_may_be_chosen(teacher: Path) -> None:
    encoder = open_encoder("vgg19", weights=teacher)
    criterion = PerceptualCriterion(
        encoder, style_layers=("relu2_1",), content_layers=("relu2_1", "relu3_1")
    )
    content, style = torch.rand(2, 1, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    target = criterion.style_moments(style)
    assert len(target) == 2 and all(m.mean.shape == (1, 128) for m in target)
    assert criterion(content, content, target)["content"] < 1e-8
