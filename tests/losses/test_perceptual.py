"""The training criterion with a random loss network."""

from pathlib import Path

import torch

from impasto.features.registry import open_encoder
from impasto.losses.perceptual import PerceptualCriterion, PerceptualWeights


def test_a_picture_has_no_loss_against_itself(teacher: Path) -> None:
    criterion = PerceptualCriterion(open_encoder("vgg19", weights=teacher))
    picture = torch.rand(2, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    terms = criterion(picture, picture, criterion.style_moments(picture))
    for name in ("style", "coarse", "covariance", "content", "structure", "range"):
        assert terms[name] < 1e-8, name


def test_total_weighs_every_term(teacher: Path) -> None:
    weights = PerceptualWeights(
        style=1, coarse=7, covariance=2, content=3, structure=4, variation=5, range=6
    )
    criterion = PerceptualCriterion(open_encoder("vgg19", weights=teacher), weights)
    names = ("style", "coarse", "covariance", "content", "structure", "variation", "range")
    assert criterion.total({name: torch.ones(()) for name in names}) == 28
