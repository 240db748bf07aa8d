"""What moves the pixels: Adam with an averaged iterate, and L-BFGS. Both go from scale to scale.

Both keep the picture within [0, 1] and give the picture to show, and everything that a later
process needs to go on exactly.
"""

import math
from collections.abc import Callable
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor

from impasto.methods.optimize.objective import Evaluation

Evaluate = Callable[[Tensor], Evaluation]
State = dict[str, Tensor]

BETAS = (0.9, 0.99)
EPSILON = 1e-8
LEVELS = 255.0
CHUNK = 1 << 22  # numbers updated at once, so that no second picture exists


class Diverged(Exception):
    """The objective is not a number here; nothing was moved."""


class Optimizer(Protocol):
    """Moves a picture, 1 3 H W."""

    @property
    def result(self) -> Tensor:
        """The picture to show and to go on from, in [0, 1]."""

    def step(self, evaluate: Evaluate, rate: float) -> Evaluation:
        """Move once and return what was found at the place before."""

    def resized(self, size: tuple[int, int]) -> None:
        """Go on at another size, from the result."""

    def state(self) -> State:
        """Return all that going on exactly needs."""

    def restore(self, state: State) -> None:
        """Go on from a state."""


class AveragedAdam:
    """Adam (Kingma and Ba 2015) whose moments are resized between scales (Crowson 2021).

    The result is the exponential average of the iterates: without their noise, and without the blur
    that total variation would need to remove it.
    """

    def __init__(self, picture: Tensor, decay: float = 0.9) -> None:
        self.picture, self.decay = picture.clone(), decay
        self.first, self.second = torch.zeros_like(picture), torch.zeros_like(picture)
        self.average = torch.zeros_like(picture)
        self.steps = self.averaged = 0

    @property
    def result(self) -> Tensor:
        """The average of the iterates of this scale."""
        if not self.averaged:
            return self.picture
        return self.average / (1 - self.decay**self.averaged)

    def step(self, evaluate: Evaluate, rate: float) -> Evaluation:
        """Evaluate and move by at most about `rate`."""
        found = evaluate(self.picture)
        if not finite(found):
            raise Diverged
        one, two = BETAS
        # A mean over pixels has gradients that shrink as pictures grow; Adam's epsilon does not.
        gradient = found.gradient.contiguous().mul_(found.gradient.numel())
        whole = (gradient, self.first, self.second, self.picture, self.average)
        self.steps += 1
        self.averaged += 1
        parts = [torch.split(t.view(-1), CHUNK) for t in whole]
        for g, m, v, x, mean in zip(*parts, strict=True):
            m.lerp_(g, 1 - one)
            v.mul_(two).addcmul_(g, g, value=1 - two)
            spread = (v / (1 - two**self.steps)).sqrt_().add_(EPSILON)
            x.addcdiv_(m, spread, value=-rate / (1 - one**self.steps)).clamp_(0, 1)
            mean.lerp_(x, 1 - self.decay)
        return found

    def resized(self, size: tuple[int, int]) -> None:
        """Begin a scale: from the average, with the moments of the scale before."""
        self.picture = enlarged(self.result, size).clamp_(0, 1)
        self.first = enlarged(self.first, size)
        self.second = F.interpolate(self.second, size, mode="bilinear", align_corners=False)
        self.average = torch.zeros_like(self.picture)
        self.averaged = 0

    def state(self) -> State:
        """Return picture, moments, average and counts."""
        counts = torch.tensor([self.steps, self.averaged])
        return {
            "picture": self.picture,
            "first": self.first,
            "second": self.second,
            "average": self.average,
            "counts": counts,
        }

    def restore(self, state: State) -> None:
        """Take all of a state."""
        device = self.picture.device
        self.picture, self.first, self.second, self.average = (
            state[name].to(device) for name in ("picture", "first", "second", "average")
        )
        self.steps, self.averaged = (int(n) for n in state["counts"])


class Lbfgs:
    """L-BFGS without line search (Liu and Nocedal 1989), a direction a step, as Gatys et al. did.

    The picture is not clamped while it moves, so that the objective stays the one whose curvature
    was measured; only the result is. A scale begins with an empty history.
    """

    def __init__(self, picture: Tensor, history: int = 20) -> None:
        self.picture, self.history = picture.clone(), history
        self.moves: list[Tensor] = []
        self.changes: list[Tensor] = []
        self.gradient: Tensor | None = None
        self.move: Tensor | None = None

    @property
    def result(self) -> Tensor:
        """The picture, clamped."""
        return self.picture.clamp(0, 1)

    def step(self, evaluate: Evaluate, rate: float) -> Evaluation:
        """Evaluate, remember the curvature along the last move, and move along the direction."""
        found = evaluate(self.picture)
        if not finite(found):
            raise Diverged
        gradient = found.gradient.contiguous()
        if self.gradient is not None and self.move is not None:
            self._remember(self.move, gradient - self.gradient)
        length = 1.0 if self.moves else self._first(gradient)
        self.move = self._direction(gradient).mul_(-rate * length)
        self.picture = self.picture + self.move
        self.gradient = gradient
        return found

    def _first(self, gradient: Tensor) -> float:
        """Return the length of a step while no curvature is known: that of pixels to 255.

        The published presets were tuned in that unit; one of pixels to 1 leaps, and never recovers.
        """
        return min(1.0, LEVELS / max(1e-12, float(gradient.abs().sum()))) / LEVELS**2

    def _remember(self, move: Tensor, change: Tensor) -> None:
        if float((move * change).sum()) > 1e-10 * float(change.square().sum()):
            self.moves, self.changes = [*self.moves, move], [*self.changes, change]
            self.moves, self.changes = self.moves[-self.history :], self.changes[-self.history :]

    def _direction(self, gradient: Tensor) -> Tensor:
        """Return the inverse Hessian, as far as it is known, times the gradient."""
        result, shares = gradient.clone(), []
        pairs = list(zip(self.moves, self.changes, strict=True))
        for move, change in reversed(pairs):
            share = (move * result).sum() / (move * change).sum()
            result -= share * change
            shares.append(share)
        if pairs:
            move, change = pairs[-1]
            result *= (move * change).sum() / change.square().sum()
        for (move, change), share in zip(pairs, reversed(shares), strict=True):
            result += (share - (change * result).sum() / (move * change).sum()) * move
        return result

    def resized(self, size: tuple[int, int]) -> None:
        """Begin a scale from the result."""
        self.picture = enlarged(self.result, size).clamp_(0, 1)
        self.moves, self.changes, self.gradient, self.move = [], [], None, None

    def state(self) -> State:
        """Return picture, last gradient and move, and the history."""
        known = {"picture": self.picture}
        if self.gradient is not None and self.move is not None:
            known |= {"gradient": self.gradient, "move": self.move}
        for number, (move, change) in enumerate(zip(self.moves, self.changes, strict=True)):
            known |= {f"moves.{number}": move, f"changes.{number}": change}
        return known

    def restore(self, state: State) -> None:
        """Take all of a state."""
        known = {name: value.to(self.picture.device) for name, value in state.items()}
        self.picture = known["picture"]
        self.gradient, self.move = known.get("gradient"), known.get("move")
        count = sum(name.startswith("moves.") for name in known)
        self.moves = [known[f"moves.{number}"] for number in range(count)]
        self.changes = [known[f"changes.{number}"] for number in range(count)]


OPTIMIZERS: dict[str, Callable[[Tensor], Optimizer]] = {"adam": AveragedAdam, "lbfgs": Lbfgs}


def finite(found: Evaluation) -> bool:
    """Tell whether loss and gradient are numbers."""
    return math.isfinite(found.loss) and bool(torch.isfinite(found.gradient.sum()))


def enlarged(picture: Tensor, size: tuple[int, int]) -> Tensor:
    """Return a picture at another size by bicubic interpolation, without aliases."""
    if picture.shape[2:] == size:
        return picture.clone()
    smaller = size[0] < picture.shape[2]
    return F.interpolate(picture, size, mode="bicubic", align_corners=False, antialias=smaller)
