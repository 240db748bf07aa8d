"""Pictures on their way to a style: they come nearer, and start anew when their time is over."""

import numpy as np
import torch
from torch import Tensor

from impasto.features.statistics import moments
from impasto.training.painted import CONTENT_LAYER, Painted, apart


def seen(picture: Tensor) -> dict[str, Tensor]:
    return {"plain": picture, CONTENT_LAYER: picture[:, :, ::2, ::2]}


def test_moments_are_apart_by_nothing_from_themselves_and_by_one_from_none() -> None:
    x = 3 * torch.rand(2, 4, 8, 8)
    assert apart(moments(x), moments(x)).tolist() == [0, 0]
    second = apart(moments(torch.zeros_like(x)), moments(x)) - (
        x.mean((2, 3)).square() + x.var((2, 3), correction=0)
    ).mean(1) / x.var((2, 3), correction=0).mean(1)
    torch.testing.assert_close(second, torch.ones(2), atol=0.1, rtol=0)


def test_painted_pictures_come_nearer_to_their_style() -> None:
    torch.manual_seed(0)
    painted, random = Painted(2, 16, layers=2), np.random.default_rng(0)
    assert painted.finished == [0, 1]
    for which in painted.finished:
        content, style = torch.rand(1, 3, 16, 16), 0.3 * torch.rand(1, 3, 16, 16)
        painted.start(which, content[0], seen(content), seen(style), random)
    assert painted.finished == []
    losses = []
    for _ in range(30):
        picture = painted.state["picture"].clone().requires_grad_()
        loss = painted.loss(seen(picture))
        painted.move(torch.autograd.grad(loss, picture)[0])
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.5 * losses[0]
    assert painted.state["picture"].min() >= 0 and painted.state["picture"].max() <= 1


def test_a_picture_is_finished_at_its_end() -> None:
    painted, x = Painted(1, 8, layers=2), torch.rand(1, 3, 8, 8)
    painted.start(0, x[0], seen(x), seen(x), np.random.default_rng(0))
    for _ in range(int(painted.state["end"])):
        assert painted.finished == []
        painted.move(torch.zeros(1, 3, 8, 8))
    assert painted.finished == [0]
