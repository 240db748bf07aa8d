"""What an objective measures of a picture: each probe is one term on one level of the pyramid.

A probe first measures: tensors that add up over blocks. Then its loss is a function of these
tensors for the whole picture. So the exact gradient needs one block at a time: the gradient of the
loss with respect to the measures, then a vector-Jacobian product for each block.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

import torch
from torch import Tensor

from impasto.features.statistics import Moments, Sums, exact_dtype, sums
from impasto.losses.style import nearest_neighbor_loss, sliced_wasserstein_loss
from impasto.methods.optimize.blocks import Block

Term = Literal["style", "content", "variation"]
Measured = Sequence[Tensor]

DIRECTIONS = 64  # that samples are sorted along by the sliced distance


class Probe(Protocol):
    """One term of the objective, on one level."""

    @property
    def term(self) -> Term:
        """Which part of the objective it belongs to."""

    @property
    def weight(self) -> float:
        """Its share of that part."""

    @property
    def layer(self) -> str | None:
        """The layer whose features it measures; None for the pixels themselves."""

    @property
    def count(self) -> int:
        """How many tensors it measures."""

    def measure(self, seen: Tensor, block: Block) -> Measured:
        """Return what adds up, given the features (or pixels) of the block's outer window."""

    def loss(self, measured: Measured) -> Tensor:
        """Return the loss of a whole picture by what its blocks add up to."""


@dataclass(frozen=True)
class Guide:
    """Where a style counts: a plane 1 h w of weights, of the layer's features; None: everywhere."""

    plane: Tensor | None
    share: float  # of the picture

    def of(self, block: Block, stride: int) -> Tensor | None:
        """Return the weights of the features that the block owns."""
        return None if self.plane is None else block.part(self.plane, stride)


@dataclass(frozen=True)
class MomentsProbe:
    """Statistics of features against those of the styles, each where it is wanted (Gatys 2017)."""

    layer: str
    stride: int
    weight: float
    losses: Sequence[Callable[[Moments], Tensor]]  # of each style's part
    guides: Sequence[Guide]
    diagonal: bool = False
    precise: bool = False
    term: Term = "style"

    @property
    def count(self) -> int:
        """How many tensors it measures."""
        return 3 * len(self.losses)

    def measure(self, seen: Tensor, block: Block) -> Measured:
        """Return count, first and second sums of each style's part."""
        own = block.owned(seen, self.stride)
        weights = [guide.of(block, self.stride) for guide in self.guides]
        how = {"diagonal": self.diagonal, "precise": self.precise}
        return [part for weight in weights for part in sums(own, weight, **how)]

    def loss(self, measured: Measured) -> Tensor:
        """Return the losses of the styles, by the share of the picture that each has."""
        parts = zip(self.losses, self.guides, range(0, len(measured), 3), strict=True)
        losses = [g.share * loss(Sums(*measured[at : at + 3]).moments()) for loss, g, at in parts]
        return torch.stack(losses).sum()


@dataclass
class SampledProbe:
    """Features of a style's part at random places against samples of the style's features."""

    layer: str
    stride: int
    weight: float
    criterion: str  # "sliced" or "nearest"
    targets: Sequence[Tensor]  # N C of each style
    places: "Sequence[Places]"  # of each style
    shares: Sequence[float]
    generator: torch.Generator
    term: Term = "style"
    directions: Tensor = field(init=False)

    def __post_init__(self) -> None:
        self.draw()

    def draw(self) -> None:
        """Draw all places and directions anew."""
        for places in self.places:
            places.draw()
        channels = self.targets[0].shape[1]
        count = min(channels, DIRECTIONS)
        self.directions = torch.randn(count, channels, generator=self.generator)

    @property
    def count(self) -> int:
        """How many tensors it measures."""
        return len(self.targets)

    def measure(self, seen: Tensor, block: Block) -> Measured:
        """Return the features at all places, P C each; those beyond the block are 0."""
        own = block.owned(seen, self.stride)
        return [places.gathered(own, block.place(self.stride)) for places in self.places]

    def loss(self, measured: Measured) -> Tensor:
        """Return the losses of the styles, by the share of the picture that each has."""
        parts = zip(measured, self.targets, self.shares, strict=True)
        return torch.stack([s * self._compare(found, target) for found, target, s in parts]).sum()

    def _compare(self, found: Tensor, target: Tensor) -> Tensor:
        if self.criterion == "nearest":
            return nearest_neighbor_loss(found, target)
        return sliced_wasserstein_loss(found, target, self.directions.to(found.device))


@dataclass
class Places:
    """Places in the features of a picture, drawn by weight; ``draw`` draws others."""

    size: tuple[int, int]
    count: int
    generator: torch.Generator
    plane: Tensor | None = None  # 1 h w, weights
    index: Tensor = field(init=False)

    def __post_init__(self) -> None:
        self.draw()

    def draw(self) -> None:
        """Draw all places anew; all of them, in order, where there are no more than wanted."""
        total = self.size[0] * self.size[1]
        if self.plane is not None and float(self.plane.max()) > 0:
            # torch.multinomial takes no more than 2^24 places
            ends = self.plane.flatten().cpu().double().cumsum(0)
            drawn = torch.rand(self.count, dtype=torch.float64, generator=self.generator)
            self.index = torch.searchsorted(ends, drawn * ends[-1], right=True)
        elif total <= self.count:
            self.index = torch.arange(total)
        else:
            self.index = torch.randint(total, (self.count,), generator=self.generator)

    def gathered(self, own: Tensor, at: tuple[int, int]) -> Tensor:
        """Return P C float32: the features at the places that lie in `own`, 0 for the others."""
        rows, columns = self.index // self.size[1] - at[0], self.index % self.size[1] - at[1]
        inside = (rows >= 0) & (rows < own.shape[2]) & (columns >= 0) & (columns < own.shape[3])
        where = inside.nonzero()[:, 0].to(own.device)
        picked = own[0, :, rows[inside].to(own.device), columns[inside].to(own.device)].T
        picked = picked.to(exact_dtype(own))
        return picked.new_zeros(len(self.index), own.shape[1]).index_add(0, where, picked)


@dataclass(frozen=True)
class VariationProbe:
    """Total variation of the pixels: mean absolute difference of neighbours.

    Squared, it is as Johnson published it: half the sum of squared differences, of pixels to 255.
    """

    weight: float
    size: tuple[int, int]
    squared: bool = False
    layer: None = None
    term: Term = "variation"
    count: int = 2

    def measure(self, seen: Tensor, block: Block) -> Measured:
        """Return the sum of differences to the right and below, of the block's own pixels."""
        (top, left), inner = block.place(1), block.inner
        rows = min(inner.height, self.size[0] - 1 - top)  # not those to the margin
        columns = min(inner.width, self.size[1] - 1 - left)
        own = block.owned_with_next(seen)
        down = own[..., 1 : rows + 1, : inner.width] - own[..., :rows, : inner.width]
        right = own[..., : inner.height, 1 : columns + 1] - own[..., : inner.height, :columns]
        power = torch.square if self.squared else torch.abs
        return [power(down).sum(), power(right).sum()]

    def loss(self, measured: Measured) -> Tensor:
        """Return the mean over differences, or their sum as published."""
        if self.squared:
            return (measured[0] + measured[1]) * (255**2 / 2)
        height, width = self.size
        down, right = 3 * max(1, (height - 1) * width), 3 * max(1, height * (width - 1))
        return measured[0] / down + measured[1] / right
