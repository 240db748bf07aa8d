"""Pictures that are being optimised through a student: what optimisers will show it.

A student is right on pictures of its lessons. An optimiser looks for pictures that please the
student, also where it is wrong; so these must be among its lessons.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor

from impasto.features.statistics import Moments, moments

Random = np.random.Generator
Features = Mapping[str, Tensor]

CONTENT_LAYER = "relu3_4"
FAINT = 0.01  # energy of features in their units; what is fainter counts less
LONGEST = 160  # steps until a picture is started anew, at most
BETAS = (0.9, 0.99)  # of Adam


def apart(one: Moments, other: Moments) -> Tensor:
    """Return how far apart moments are for each picture (B): 0 alike, 1 all of the other.

    The squared difference of mean and deviation over the other's variance, and the squared
    distance of second moments over the other's squared norm.
    """
    plain = (one.mean - other.mean).square() + (one.std - other.std).square()
    energy = other.variance.mean(1) + FAINT
    norm = other.second.square().sum((1, 2)) + FAINT**2
    return plain.mean(1) / energy + (one.second - other.second).square().sum((1, 2)) / norm


class Painted:
    """A few pictures on their way from a content towards a style, each with a recipe of its own.

    `state` holds everything: pictures (B 3 H W), Adam's moments, recipes and targets.
    """

    def __init__(self, count: int, size: int, layers: int) -> None:
        self.state: dict[str, Tensor] = {
            "picture": torch.zeros(count, 3, size, size),
            "first": torch.zeros(count, 3, size, size),
            "second": torch.zeros(count, 3, size, size),
            "age": torch.zeros(count),
            "end": torch.zeros(count),  # the age at which a picture is started anew
            "rate": torch.zeros(count),
            "style": torch.zeros(count, layers),  # weights of layers
            "content": torch.zeros(count),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Continue from a saved state."""
        self.state = dict(state)

    @property
    def finished(self) -> list[int]:
        """Which pictures have had their steps."""
        return [int(i) for i in torch.nonzero(self.state["age"] >= self.state["end"])[:, 0]]

    def start(
        self, which: int, first: Tensor, content: Features, style: Features, random: Random
    ) -> None:
        """Start one picture anew.

        Args:
            which: its number.
            first: 3 H W, the picture to start from.
            content, style: the student's features of the two (1 C h w).
            random: draws the recipe.
        """
        s = self.state
        s["picture"][which] = first
        s["first"][which] = s["second"][which] = 0
        s["age"][which] = 0
        s["end"][which] = float(random.integers(LONGEST // 4, LONGEST))
        s["rate"][which] = float(0.03 * 2 ** random.uniform(-1.5, 1))
        weights = np.exp(random.normal(0, 0.8, s["style"].shape[1]))
        s["style"][which] = torch.from_numpy(weights.astype("f4"))
        s["content"][which] = float(0.5 * 2 ** random.uniform(-4, 1))
        self._keep("content features", which, content[CONTENT_LAYER])
        for name, x in style.items():
            mean, covariance = moments(x.float())
            self._keep(f"mean {name}", which, mean)
            self._keep(f"covariance {name}", which, covariance)

    def _keep(self, name: str, which: int, value: Tensor) -> None:
        if name not in self.state:
            self.state[name] = value.new_zeros(len(self.state["age"]), *value.shape[1:])
        self.state[name][which] = value[0].detach()

    def loss(self, features: Features) -> Tensor:
        """Return the sum of the pictures' losses by the student's features of them."""
        s = self.state
        losses = []
        for i, (name, x) in enumerate(features.items()):
            target = Moments(s[f"mean {name}"], s[f"covariance {name}"])
            losses.append(s["style"][:, i] * apart(moments(x.float()), target))
        wanted = s["content features"]
        away = (features[CONTENT_LAYER].float() - wanted).square().mean((1, 2, 3))
        losses.append(s["content"] * away / wanted.square().mean((1, 2, 3)))
        return torch.stack(losses).sum()

    @torch.no_grad()
    def move(self, gradient: Tensor) -> None:
        """Take a step of Adam (Kingma and Ba 2014) down the gradient (B 3 H W)."""
        s = self.state
        s["age"] += 1
        s["first"].lerp_(gradient, 1 - BETAS[0])
        s["second"].lerp_(gradient.square(), 1 - BETAS[1])
        age, rate = (s[name].view(-1, 1, 1, 1) for name in ("age", "rate"))
        first = s["first"] / (1 - BETAS[0] ** age)
        second = s["second"] / (1 - BETAS[1] ** age)
        s["picture"].sub_(rate * first / (second.sqrt() + 1e-12)).clamp_(0, 1)
