"""How far a painted pixel sees: what a tile must be widened by so that it equals the whole."""

from copy import deepcopy

import torch
from torch import Tensor, nn

from impasto.networks.registry import Network

FIRST = 64  # pixels to each side that are looked at first; doubled until they suffice


def halo_of(network: Network) -> int:
    """Return the pixels to each side that a painted pixel depends on, on the network's grid.

    It is exact, not an estimate: with weights that are positive everywhere, nothing cancels and no
    rectifier closes, so the gradient of a pixel is positive just where it depends on the picture.
    Kernels are as high as they are wide, so one direction tells of both.
    """
    open_ = _opened(network)
    statistics = torch.cat([part for _, n in network.sites for part in _identity(n)])[None]
    side, reach = FIRST, FIRST
    while reach >= side:
        side *= 2
        reach = max(_reach(open_, statistics, side, phase) for phase in range(network.multiple))
    return -(-reach // network.multiple) * network.multiple


def _identity(width: int) -> tuple[Tensor, Tensor]:
    return torch.ones(width).double(), torch.zeros(width).double()


def _opened(network: Network) -> Network:
    """Return a copy whose weights are all positive and keep every feature at its size."""
    copy = deepcopy(network).double().eval().requires_grad_(False)
    for module in copy.modules():
        if isinstance(module, nn.Conv2d):
            module.weight.fill_(1 / module.weight[0].numel())
            if module.bias is not None:
                module.bias.zero_()
    return copy


def _reach(network: Network, statistics: Tensor, side: int, phase: int) -> int:
    """Return how far the pixel at `side` plus `phase` sees in a picture twice as wide, and more."""
    place, width = side + phase, 2 * side + network.multiple
    picture = torch.ones(1, 3, 2 * network.multiple, width).double().requires_grad_()
    painted = network.paint(picture, statistics)
    (slope,) = torch.autograd.grad(painted[0, :, network.multiple, place].sum(), picture)
    seen = slope.abs().sum((0, 1, 2)).nonzero()
    return int(max(place - seen.min(), seen.max() - place))
