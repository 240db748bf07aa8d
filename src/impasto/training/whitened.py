"""Adam for convolutions, in coordinates in which their inputs are white."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

BETAS = (0.9, 0.99)
FLOOR = 1e-3  # of the mean variance: what the inputs hardly hold is not raised above it


class WhitenedAdam:
    """Adam (Kingma and Ba 2014) on V, where the weights are ``V P`` and ``P x`` is white.

    Neighbouring pixels and channels are much alike. So plain steps change what a convolution
    answers to that which all inputs share far more than what tells them apart: from weights that
    are nearly right they go astray at once. P is the inverse square root of the second moments of
    inputs and bias, as in Kronecker-factored curvature (Martens and Grosse 2015), and fixed.

    `state` holds P and Adam's moments.
    """

    def __init__(self, convolutions: Sequence[nn.Conv2d]) -> None:
        self.convolutions = list(convolutions)
        self.state: dict[str, Tensor] = {}

    @torch.no_grad()
    def see(self, index: int, rows: Tensor) -> None:
        """Take what a convolution sees (`patches`); needed once for each before the first step."""
        rows = rows.double()
        values, vectors = torch.linalg.eigh(rows.T @ rows / len(rows))
        values = (values + FLOOR * values.mean()).rsqrt()
        whitening = (vectors * values @ vectors.T).float()
        zeros = torch.zeros(self.convolutions[index].out_channels, len(whitening))
        self.state[f"whitening {index}"] = whitening
        self.state[f"first {index}"] = zeros
        self.state[f"second {index}"] = zeros.clone()

    @torch.no_grad()
    def step(self, rate: float, count: int) -> None:
        """Change weights by their gradients, if any; `count` is the number of this step, from 1."""
        for i, convolution in enumerate(self.convolutions):
            weight, bias = convolution.weight, convolution.bias
            assert weight.grad is not None and bias is not None and bias.grad is not None
            whitening = self.state[f"whitening {i}"]
            gradient = torch.cat([weight.grad.flatten(1), bias.grad[:, None]], 1) @ whitening
            first, second = self.state[f"first {i}"], self.state[f"second {i}"]
            first.lerp_(gradient, 1 - BETAS[0])
            second.lerp_(gradient.square(), 1 - BETAS[1])
            size = (second / (1 - BETAS[1] ** count)).sqrt() + 1e-12
            change = -rate / (1 - BETAS[0] ** count) * (first / size) @ whitening
            weight += change[:, :-1].view_as(weight)
            bias += change[:, -1]


def patches(convolution: nn.Conv2d, x: Tensor, places: Sequence[Tensor]) -> Tensor:
    """Return what a convolution sees of `x` (B C H W) at places of each picture, a row each.

    A row has the inputs in the order of the weights, and a 1 for the bias.
    """
    rows = []
    for one, where in zip(x, places, strict=True):
        seen = F.unfold(
            one[None],
            convolution.kernel_size,
            padding=convolution.padding,  # type: ignore[arg-type]
            stride=convolution.stride,
        )
        rows.append(F.pad(seen[0].T[where], (0, 1), value=1.0))
    return torch.cat(rows)
