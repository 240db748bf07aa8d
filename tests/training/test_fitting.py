"""Least squares: what can be said exactly is found exactly."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from impasto.training import fitting
from impasto.training.fitting import fit_convolution, telling_channels


@pytest.fixture(autouse=True)
def few_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "ROWS", 2000)


def random() -> np.random.Generator:
    return np.random.default_rng(0)


def test_a_convolution_is_found_by_its_answers() -> None:
    torch.manual_seed(0)
    wanted, found = nn.Conv2d(4, 6, 3, padding=1), nn.Conv2d(4, 6, 3, padding=1)
    x = torch.rand(3, 4, 24, 24)
    with torch.no_grad():
        target = wanted(x)
    answer = fit_convolution(found, x, target, random())
    torch.testing.assert_close(found.weight, wanted.weight, atol=1e-3, rtol=0)
    torch.testing.assert_close(answer, F.relu(target), atol=1e-3, rtol=0)


def test_where_the_target_is_silent_any_silence_is_right() -> None:
    torch.manual_seed(0)
    x = torch.rand(2, 1, 32, 32)
    line = x - 0.4
    target = torch.where(line > 0, line, line * 4 * torch.rand_like(x))
    answer = fit_convolution(nn.Conv2d(1, 1, 1), x, target, random())
    columns = torch.stack([x.flatten(), torch.ones(x.numel())], 1)
    straight = F.relu(columns @ torch.linalg.lstsq(columns, target.flatten()[:, None]).solution)
    wanted = F.relu(target)
    assert F.mse_loss(answer, wanted) < 0.5 * F.mse_loss(straight.view_as(wanted), wanted)


def test_the_most_telling_channels_are_those_that_are_not_sums_of_others() -> None:
    torch.manual_seed(0)
    own = torch.rand(2, 3, 8, 8) * torch.tensor([1.0, 2.0, 3.0]).view(1, 3, 1, 1)
    mixed = 0.1 * own.sum(1, keepdim=True)
    features = torch.cat([mixed, own[:, :2], mixed, own[:, 2:]], 1)
    assert telling_channels(features, 3).tolist() == [1, 2, 4]
