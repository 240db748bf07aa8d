"""What moves the pixels: Adam with an averaged iterate, and L-BFGS. Both go from scale to scale.

Both keep the picture within [0, 1] and give the picture to show, and everything that a later
process needs to go on exactly.
"""

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
CHUNK = 1 << 22  # numbers updated at once, so that no second picture exists


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
        self.steps += 1
        self.averaged += 1
        one, two = BETAS
        whole = (found.gradient, self.first, self.second, self.picture, self.average)
        for g, m, v, x, mean in zip(*(t.view(-1).split(CHUNK) for t in whole), strict=True):
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


def enlarged(picture: Tensor, size: tuple[int, int]) -> Tensor:
    """Return a picture at another size by bicubic interpolation, without aliases."""
    if picture.shape[2:] == size:
        return picture.clone()
    smaller = size[0] < picture.shape[2]
    return F.interpolate(picture, size, mode="bicubic", align_corners=False, antialias=smaller)
