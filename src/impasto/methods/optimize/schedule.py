"""From coarse to fine: which sizes, how many steps at each, how large they are, how long it takes.

A loss network's view is fixed, so large shapes are settled on a small canvas, where they fit into
it and where steps are cheap; every larger canvas begins with what the one before has found.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from impasto.images.resize import fit_long_side
from impasto.settings.presets import Preset

CALM = 0.2  # of the rate, at the last step of a scale
MOST = 50.0  # times the planned steps, if there is time


@dataclass(frozen=True)
class Scale:
    """One canvas size and its steps."""

    height: int
    width: int
    steps: int

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns of pixels."""
        return self.height, self.width

    @property
    def cost(self) -> float:
        """Steps times pixels: what time is in proportion to."""
        return self.steps * pace_of(self.size)


def scales_of(plan: Preset, height: int, width: int, steps: int | None = None) -> list[Scale]:
    """Return the scales for a picture, from coarse to fine; the last has its own size.

    Args:
        steps: of all scales together; without it as the plan says.
    """
    long_side = max(height, width)
    sides = [long_side]
    while round(sides[-1] / plan.growth) >= plan.smallest and plan.growth > 1:
        sides.append(round(long_side / plan.growth ** len(sides)))
    scales = []
    for side in reversed(sides):
        wanted = plan.first * (sides[-1] / side) ** plan.decline
        count = max(plan.least, round(wanted))
        scales.append(Scale(*fit_long_side(height, width, side), count))
    return scales if steps is None else with_steps(scales, steps)


def with_steps(scales: Sequence[Scale], steps: int) -> list[Scale]:
    """Return scales whose steps add up to a number, in the same proportions.

    Where there are fewer steps than scales, the coarsest are left out.
    """
    scales = list(scales)[-steps:]
    total = sum(scale.steps for scale in scales)
    shares = [max(1, math.floor(scale.steps * steps / total)) for scale in scales]
    while sum(shares) > steps:
        shares[shares.index(max(shares))] -= 1
    shares[0] += steps - sum(shares)
    return [replace(s, steps=count) for s, count in zip(scales, shares, strict=True)]


def rate_at(step: int, steps: int, rate: float) -> float:
    """Return the rate of a step of a scale: it falls along a cosine, so that the end is calm."""
    fall = 0.5 + 0.5 * math.cos(math.pi * step / steps)
    return rate * (CALM + (1 - CALM) * fall)


def pace_of(size: tuple[int, int]) -> float:
    """Return what a step costs against others, in pixels; small ones have a fixed part too."""
    return size[0] * size[1] + 64.0**2


class Clock:
    """How long the rest will take, by the pace so far; plans the steps of what has to fit."""

    def __init__(self, budget: float | None) -> None:
        self._begun, self._budget = time.monotonic(), budget
        self._cost = self._seconds = 0.0

    def took(self, scale: Scale, seconds: float) -> None:
        """Learn from one step; recent ones count most."""
        self._cost = 0.9 * self._cost + pace_of(scale.size)
        self._seconds = 0.9 * self._seconds + seconds

    def eta(self, scales: Sequence[Scale], done: int) -> float:
        """Return the seconds that scales need, of whose first `done` steps are taken."""
        if not self._cost:
            return 0.0
        cost = sum(scale.cost for scale in scales) - done * pace_of(scales[0].size)
        return max(0.0, cost * self._seconds / self._cost)

    @property
    def over(self) -> bool:
        """Whether the time is up."""
        return self._budget is not None and time.monotonic() - self._begun >= self._budget

    def fitted(self, scales: Sequence[Scale], done: int = 0) -> list[Scale]:
        """Return scales with so many steps that they fill the time that is left.

        Of the first scale `done` steps are taken. Without a budget, or before the first step has
        been timed, they stay.
        """
        if self._budget is None or not self._cost:
            return list(scales)
        left = self._budget - (time.monotonic() - self._begun)
        factor = min(MOST, max(0.0, left / max(1e-9, self.eta(scales, done))))
        first = replace(scales[0], steps=done + max(1, round((scales[0].steps - done) * factor)))
        rest = [replace(one, steps=max(1, round(one.steps * factor))) for one in scales[1:]]
        return [first, *rest]
