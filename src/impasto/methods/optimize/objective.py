"""The objective of an optimisation and its exact gradient, in bounded memory.

Every level of the picture's pyramid is measured in blocks. A level of one block is computed at
once. One of many blocks is measured without gradient first; when the loss is known as a function
of the measures, each block is computed again and gives its part of the gradient (after Galerne et
al. 2024, who do so for Gram matrices).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor

from impasto.features.encoder import Encoder
from impasto.methods.optimize.blocks import Block, blocks, margin_for, with_margin
from impasto.methods.optimize.probes import Probe, SampledProbe, Term
from impasto.methods.optimize.pyramid import gathered, pyramid

SMALLEST = 128  # side of a block that memory must suffice for

Weights = Mapping[Term, float]
Result = TypeVar("Result")


@dataclass(frozen=True)
class Evaluation:
    """What an objective says of a picture."""

    loss: float
    terms: Mapping[Term, float]  # unweighted
    gradient: Tensor  # of the loss, 1 3 H W


class Level:
    """One level of the pyramid: its probes, and the blocks it is measured in."""

    def __init__(self, size: tuple[int, int], encoder: Encoder, probes: Sequence[Probe]) -> None:
        self.size, self.encoder, self.probes = size, encoder, probes
        self.layers = sorted({p.layer for p in probes if p.layer})
        self.reach = max([1, *(encoder.reach(layer) for layer in self.layers)])
        self.multiple = max([1, *(encoder.stride(layer) for layer in self.layers)])
        self.margin = margin_for(self.multiple)

    def blocks(self, side: int) -> list[Block]:
        """Return the blocks of at most this side."""
        return list(blocks(*self.size, side=side, reach=self.reach, multiple=self.multiple))

    def measure(self, seen: Tensor, block: Block) -> list[Tensor]:
        """Return what all probes measure of a block, one tensor after the other."""
        features = self.encoder(seen, self.layers) if self.layers else {}
        return [
            one
            for probe in self.probes
            for one in probe.measure(features[probe.layer] if probe.layer else seen, block)
        ]


class Objective:
    """Style, content and variation on every level; call `evaluate` for loss and gradient.

    Args:
        levels: from fine to coarse, sizes halving.
        block: pixels a side that are computed at once.
        on_note: told in words when memory ran out and the blocks were halved.
    """

    def __init__(
        self,
        levels: Sequence[Level],
        *,
        block: int = 1024,
        on_note: Callable[[str], None] | None = None,
    ) -> None:
        self.levels, self.block, self._note = levels, block, on_note or (lambda text: None)

    def redraw(self) -> None:
        """Draw anew what is sampled at random."""
        for level in self.levels:
            for probe in level.probes:
                if isinstance(probe, SampledProbe):
                    probe.draw()

    def evaluate(self, picture: Tensor, weights: Weights) -> Evaluation:
        """Return loss and gradient of a picture, 1 3 H W in [0, 1].

        Where memory runs out, the blocks are halved, down to 128 pixels, and the work goes on.
        """
        found, self.block = within_memory(
            lambda side: self._evaluate(picture, weights, side), self.block, self._note
        )
        return found

    def _evaluate(self, picture: Tensor, weights: Weights, side: int) -> Evaluation:
        pictures = pyramid(picture, len(self.levels))
        # Beside a level of many blocks, what small ones keep would only take memory.
        keep = len(self.levels[0].blocks(side)) == 1
        pairs = zip(self.levels, pictures, strict=True)
        parts = [_Part(level, seen, side, keep) for level, seen in pairs]
        leaves = [[m.detach().requires_grad_() for m in part.measured] for part in parts]
        terms = self._terms(leaves)
        loss = torch.stack([weights[term] * value for term, value in terms.items()]).sum()
        flat = [leaf for row in leaves for leaf in row]
        found = iter(torch.autograd.grad(loss, flat, allow_unused=True))
        gradients = [part.gradient([next(found) for _ in part.measured]) for part in parts]
        known = {term: float(value.detach()) for term, value in terms.items()}
        return Evaluation(float(loss.detach()), known, gathered(pictures, gradients))

    def _terms(self, leaves: Sequence[Sequence[Tensor]]) -> dict[Term, Tensor]:
        terms: dict[Term, Tensor] = {}
        for level, row in zip(self.levels, leaves, strict=True):
            rest = list(row)
            for probe in level.probes:
                count = probe.count
                value = probe.weight * probe.loss(rest[:count])
                terms[probe.term] = terms[probe.term] + value if probe.term in terms else value
                rest = rest[count:]
        return terms


class _Part:
    """One level while it is evaluated: its measures, then its gradient."""

    def __init__(self, level: Level, picture: Tensor, side: int, keep: bool) -> None:
        self.level, self.blocks, self.keep = level, level.blocks(side), keep
        self.picture = picture.detach().requires_grad_()
        padded = with_margin(self.picture, level.margin)
        if keep:
            self.measured = level.measure(padded, self.blocks[0])
            return
        with torch.no_grad():
            self.measured = level.measure(self.blocks[0].cut(padded), self.blocks[0])
            for block in self.blocks[1:]:
                found = level.measure(block.cut(padded), block)
                self.measured = [a + b for a, b in zip(self.measured, found, strict=True)]

    def gradient(self, gradients: Sequence[Tensor | None]) -> Tensor:
        """Return the gradient of the level's picture, given those of what was measured."""
        if self.keep:
            return _product(self.measured, self.picture, gradients)
        padded = with_margin(self.picture, self.level.margin)
        total = torch.zeros_like(padded)
        for block in self.blocks:
            leaf = block.cut(padded).detach().requires_grad_()
            measured = self.level.measure(leaf, block)
            total[..., *block.outer.slices] += _product(measured, leaf, gradients)
        (gradient,) = torch.autograd.grad(padded, self.picture, total)
        return gradient


def _product(
    measured: Sequence[Tensor], leaf: Tensor, gradients: Sequence[Tensor | None]
) -> Tensor:
    pairs = [
        (m, g)
        for m, g in zip(measured, gradients, strict=True)
        if g is not None and m.requires_grad
    ]
    if not pairs:
        return torch.zeros_like(leaf)
    (gradient,) = torch.autograd.grad([m for m, _ in pairs], leaf, [g for _, g in pairs])
    return gradient


def within_memory(
    work: Callable[[int], Result], side: int, note: Callable[[str], None]
) -> tuple[Result, int]:
    """Return what `work` gives for blocks of a side, and the side: halved where memory runs out."""
    while True:
        try:
            return work(side), side
        except (RuntimeError, MemoryError) as error:
            if not out_of_memory(error) or side // 2 < SMALLEST:
                raise
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        side //= 2
        note(f"out of memory: computing blocks of {side} pixels from here on")


def out_of_memory(error: BaseException) -> bool:
    """Tell whether an error means that memory ran out, on any device."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    text = str(error)
    return "out of memory" in text or "can't allocate memory" in text
