"""Adam in white coordinates: the direction does not depend on how inputs are mixed."""

import torch
import torch.nn.functional as F
from torch import nn

from impasto.training.whitened import WhitenedAdam, patches


def test_patches_times_weights_are_the_convolution() -> None:
    torch.manual_seed(0)
    convolution, x = nn.Conv2d(3, 5, 3, padding=1), torch.rand(2, 3, 6, 7)
    places = [torch.tensor([0, 8, 41]), torch.tensor([5, 6, 20])]
    weights = torch.cat([convolution.weight.flatten(1), convolution.bias[:, None]], 1)  # type: ignore[index]
    found = patches(convolution, x, places) @ weights.T
    answers = convolution(x).flatten(2)
    wanted = torch.cat([answers[i][:, p].T for i, p in enumerate(places)])
    torch.testing.assert_close(found, wanted)


def test_inputs_are_white_in_its_coordinates() -> None:
    torch.manual_seed(0)
    optimizer = WhitenedAdam([nn.Conv2d(2, 3, 1)])
    rows = torch.randn(4000, 3) @ torch.tensor([[3.0, 1.0, 0.0], [0.0, 1.0, 0.5], [0.0, 0.0, 1.0]])
    optimizer.see(0, rows)
    white = rows @ optimizer.state["whitening 0"]
    torch.testing.assert_close(white.T @ white / len(rows), torch.eye(3), atol=0.02, rtol=0)


def test_it_learns_what_tells_inputs_apart() -> None:
    torch.manual_seed(0)
    found = nn.Conv2d(4, 1, 1)
    x = torch.rand(4, 1, 16, 16) + 0.05 * torch.randn(4, 4, 16, 16)
    wanted = 20 * (x[:, :1] - x[:, 1:2])
    optimizer = WhitenedAdam([found])
    optimizer.see(0, patches(found, x, [torch.arange(256)] * 4))
    for count in range(1, 201):
        found.zero_grad()
        F.mse_loss(found(x), wanted).backward()  # type: ignore[no-untyped-call]
        optimizer.step(0.05, count)
    assert F.mse_loss(found(x), wanted).detach() < 0.01 * wanted.square().mean()
