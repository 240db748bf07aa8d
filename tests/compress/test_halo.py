"""The halo is exact: what lies outside cannot change a painted pixel, what lies at its edge can."""

import pytest
import torch

from impasto.compress.halo import halo_of
from impasto.networks.painter import Painter, PainterShape
from impasto.networks.registry import Network
from impasto.networks.transform import TransformNetwork, TransformShape


def networks() -> list[Network]:
    torch.manual_seed(0)
    shape = PainterShape(half=4, quarter=4, eighth=4, coarse_blocks=1, fine_blocks=1, hidden=4)
    return [Painter(shape), TransformNetwork(TransformShape(0.125, blocks=2))]


@pytest.mark.parametrize("network", networks(), ids=lambda network: type(network).__name__)
def test_a_pixel_depends_on_its_halo_and_no_further(network: Network) -> None:
    network.double().eval().requires_grad_(False)
    for module in network.modules():
        if isinstance(module, torch.nn.Conv2d):
            torch.nn.init.normal_(module.weight, std=0.3)
    halo, step = halo_of(network), network.multiple
    before = torch.rand(1, 3, step, 5 * halo).double()
    statistics = torch.rand(1, 2 * sum(width for _, width in network.sites)).double()
    plain = network.paint(before, statistics)

    def reach(column: int) -> int:
        after = before.clone()
        after[..., column] = 1 - after[..., column]
        changed = (network.paint(after, statistics) != plain).any(1).any(1).nonzero()[:, 1]
        return max(column - int(changed.min()), int(changed.max()) - column)

    farthest = max(reach(column) for column in range(2 * halo, 2 * halo + step))
    assert halo - step < farthest <= halo
    assert halo % step == 0


def test_more_blocks_see_farther() -> None:
    few, many = (halo_of(TransformNetwork(TransformShape(0.125, blocks=n))) for n in (1, 12))
    assert few < 60 < 100 < many
