"""Losses: those of training, 0 for perfect matches; and as published, by hand."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
from torch import Tensor

from impasto.evaluation.deep.losses import PaperLosses, SaneLosses, to_tensor
from impasto.features.embedded import Embedded
from impasto.losses.perceptual import PerceptualCriterion


@pytest.fixture(scope="module")
def encoder() -> Embedded:
    """The encoder of the package."""
    return Embedded.open()


@pytest.fixture(scope="module")
def photo_tensor(photo: npt.NDArray[np.float32]) -> Tensor:
    """A small picture."""
    return torch.from_numpy(photo.copy()).permute(2, 0, 1)[None]


@pytest.fixture(scope="module")
def style_tensor() -> Tensor:
    """A picture of stripes."""
    stripes = torch.linspace(0, 40, 80).sin().mul(0.4).add(0.5).expand(3, 64, 80)
    return (stripes * torch.tensor([0.9, 0.6, 0.3]).view(3, 1, 1))[None]


def test_sane_losses_are_those_of_training(
    encoder: Embedded, photo_tensor: Tensor, style_tensor: Tensor
) -> None:
    painted = (photo_tensor * 0.5 + 0.2).square()
    losses, criterion = SaneLosses(encoder), PerceptualCriterion(encoder)
    seen = losses.see_content(photo_tensor), losses.see_style(style_tensor)
    found = losses(painted, *seen)
    terms = criterion(painted, photo_tensor, criterion.style_moments(style_tensor))
    expected = {"style": "style", "style_half": "coarse", "content": "content"}
    assert found == pytest.approx({k: float(terms[v]) for k, v in expected.items()}, rel=1e-4)


@pytest.mark.parametrize("kind", [SaneLosses, PaperLosses])
def test_the_content_has_no_content_loss_and_the_style_no_style_loss(
    kind: Callable[[Embedded], Any],
    encoder: Embedded,
    photo_tensor: Tensor,
    style_tensor: Tensor,
) -> None:
    losses = kind(encoder)
    content = losses.see_content(photo_tensor)
    itself = losses(photo_tensor, content, losses.see_style(photo_tensor))
    assert max(map(abs, itself.values())) < 1e-5
    other = losses(photo_tensor, content, losses.see_style(style_tensor))
    assert min(other[name] for name in losses.names if name.startswith("style")) > 0.01


@pytest.mark.parametrize("kind", [SaneLosses, PaperLosses])
def test_without_a_style_its_losses_are_not_known(
    kind: Callable[[Embedded], Any], encoder: Embedded, photo_tensor: Tensor
) -> None:
    losses = kind(encoder)
    found = losses(photo_tensor, losses.see_content(photo_tensor), None)
    unknown = [name for name, value in found.items() if math.isnan(value)]
    assert unknown == [name for name in losses.names if name.startswith("style")]


def test_published_losses_swap_red_and_blue_and_normalise_nothing(
    encoder: Embedded, photo_tensor: Tensor, style_tensor: Tensor
) -> None:
    losses = PaperLosses(encoder)
    assert losses.layers == ("relu1_1", "relu2_1", "relu3_1")
    assert losses.content_layers == ("relu3_1",)
    painted = photo_tensor.square()
    found = losses(painted, losses.see_content(photo_tensor), losses.see_style(style_tensor))
    here, kept, wanted = (
        encoder(x[:, [2, 1, 0]], losses.layers) for x in (painted, photo_tensor, style_tensor)
    )
    gaps = [_gap(here[name], wanted[name]) for name in losses.layers]
    assert found["style_paper"] == pytest.approx(sum(gaps) / 3, rel=1e-4)
    error = (here["relu3_1"] - kept["relu3_1"]).square().mean()
    assert found["content_paper"] == pytest.approx(float(error), rel=1e-4)


def _gap(a: Tensor, b: Tensor) -> float:
    spread = [(x.var((2, 3)) + 1e-5).sqrt() for x in (a, b)]
    means = (a.mean((2, 3)) - b.mean((2, 3))).square().mean()
    return float(means + (spread[0] - spread[1]).square().mean())


def test_pictures_become_tensors_of_their_channels() -> None:
    picture = np.zeros((2, 3, 3), np.uint8)
    picture[1, 2] = (255, 0, 51)
    tensor = to_tensor(picture)
    assert tensor.shape == (1, 3, 2, 3)
    assert tensor[0, :, 1, 2].tolist() == pytest.approx([1, 0, 0.2])
