"""Probes of how near a picture is to the content: by its features, place by place."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from impasto.features.statistics import exact_dtype
from impasto.losses.content import self_similarity_loss
from impasto.methods.optimize.blocks import Block
from impasto.methods.optimize.probes import Measured, Places, Term

FLOOR = 1e-5  # of variances, so that flat channels count nothing


@dataclass(frozen=True)
class LikenessProbe:
    """How far features are from the content's in each channel, whatever its mean and deviation.

    The mean squared difference of instance-normalised features is 2 (1 - correlation), and a
    correlation follows from sums.
    """

    layer: str
    stride: int
    weight: float
    wanted: Callable[[Block], Tensor]  # the content's features that the block owns
    term: Term = "content"
    count: int = 6

    def measure(self, seen: Tensor, block: Block) -> Measured:
        """Return sums of the features, of their squares, of the products, each 1 C, and more."""
        x, y = block.owned(seen, self.stride), self.wanted(block)
        count = torch.full((), float(x.shape[2] * x.shape[3]), device=x.device)
        with torch.no_grad():
            first, second = _sum(y), _sum(y * y)
        return [count, _sum(x), _sum(x * x), _sum(x * y), first, second]

    def loss(self, measured: Measured) -> Tensor:
        """Return the mean over channels of 2 (1 - correlation)."""
        x, xx, xy, y, yy = (one / measured[0] for one in measured[1:])
        spread = (xx - x * x + FLOOR).clamp_min(FLOOR) * (yy - y * y + FLOOR).clamp_min(FLOOR)
        correlation = (xy - x * y + FLOOR) / spread.sqrt()
        return 2 * (1 - correlation).mean()


@dataclass(frozen=True)
class FeatureProbe:
    """Squared distance of features to the content's (Gatys 2016), over the content's energy.

    With ``plain`` it is not divided: the published form.
    """

    layer: str
    stride: int
    weight: float
    wanted: Callable[[Block], Tensor]
    plain: bool = False
    term: Term = "content"
    count: int = 3

    def measure(self, seen: Tensor, block: Block) -> Measured:
        """Return how many, the squared distance and the content's energy."""
        x, y = block.owned(seen, self.stride), self.wanted(block)
        count = torch.full((), float(x.numel()), device=x.device)
        distance = (x - y).square().sum(dtype=exact_dtype(x))
        return [count, distance, y.square().sum(dtype=exact_dtype(x))]

    def loss(self, measured: Measured) -> Tensor:
        """Return the mean squared distance."""
        count, distance, energy = measured
        return distance / (count if self.plain else energy.clamp_min(FLOOR))


@dataclass(frozen=True)
class SimilarityProbe:
    """Which places of the picture look alike, as in the content (Kolkin et al. 2019)."""

    layer: str
    stride: int
    weight: float
    wanted: Tensor  # P C: the content's features at the places
    places: Places
    term: Term = "content"
    count: int = 1

    def measure(self, seen: Tensor, block: Block) -> Measured:
        """Return the features at the places, P C."""
        return [self.places.gathered(block.owned(seen, self.stride), block.place(self.stride))]

    def loss(self, measured: Measured) -> Tensor:
        """Return the mean difference of the two similarity matrices."""
        return self_similarity_loss(measured[0], self.wanted)


def _sum(x: Tensor) -> Tensor:
    return x.sum((2, 3), dtype=exact_dtype(x))
