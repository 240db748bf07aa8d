"""The criterion that trains painters: style and content as a frozen loss network sees them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from impasto.features.statistics import Moments, sums
from impasto.losses.content import content_loss
from impasto.losses.pixels import range_penalty, structure_loss, total_variation
from impasto.losses.style import covariance_loss, moment_loss

STYLE_LAYERS = ("relu1_1", "relu2_1", "relu3_1", "relu3_4")
CONTENT_LAYER = "relu3_4"

Features = Callable[[Tensor, Sequence[str]], dict[str, Tensor]]  # as an Encoder is called


@dataclass(frozen=True)
class PerceptualWeights:
    """How much each term counts."""

    style: float = 2.5
    coarse: float = 2.5
    covariance: float = 0.0
    content: float = 1.3
    structure: float = 0.3
    variation: float = 0.1
    range: float = 5.0


class PerceptualCriterion:
    """Return every term by name, unweighted, for painted pictures against content and style.

    That of covariances is left out where it weighs nothing.

    A half-size copy goes through the same layers: it sees the large strokes that deeper layers
    would see, at a fraction of their cost.
    """

    def __init__(
        self,
        features: Features,
        weights: PerceptualWeights | None = None,
        style_layers: Sequence[str] = STYLE_LAYERS,
        content_layers: Sequence[str] = (CONTENT_LAYER,),
    ) -> None:
        self.features = features
        self.weights = weights or PerceptualWeights()
        self.style_layers, self.content_layers = tuple(style_layers), tuple(content_layers)
        # Without the covariance loss variances do: the covariances of a painting are a megabyte.
        self.diagonal = not self.weights.covariance

    def style_moments(self, style: Tensor) -> list[Moments]:
        """Return the targets of style pictures (B 3 H W in [0, 1]): full size, then half."""
        with torch.no_grad():
            seen = [self.features(x, self.style_layers) for x in (style, halved(style))]
            return [m for features in seen for m in self._moments(features)]

    def __call__(self, painted: Tensor, content: Tensor, style: list[Moments]) -> dict[str, Tensor]:
        full = self.features(painted, self.style_layers)
        layers = tuple(dict.fromkeys((*self.style_layers, *self.content_layers)))
        half = self.features(halved(painted), layers)
        found = [*self._moments(full), *self._moments(half)]
        losses = torch.stack([moment_loss(a, b) for a, b in zip(found, style, strict=True)])
        with torch.no_grad():
            wanted = self.features(halved(content), self.content_layers)
        contents = [content_loss(half[name], wanted[name]) for name in self.content_layers]
        terms = {
            "style": losses[: len(self.style_layers)].sum(),
            "coarse": losses[len(self.style_layers) :].sum(),
            "content": torch.stack(contents).mean(),
            "structure": structure_loss(painted, content),
            "variation": total_variation(painted),
            "range": range_penalty(painted),
        }
        if not self.diagonal:
            both = zip(found, style, strict=True)
            terms["covariance"] = torch.stack([covariance_loss(a, b) for a, b in both]).sum()
        return terms

    def _moments(self, features: dict[str, Tensor]) -> list[Moments]:
        seen = [sums(features[name], diagonal=self.diagonal) for name in self.style_layers]
        return [one.moments() for one in seen]


def halved(picture: Tensor) -> Tensor:
    """Return a picture at half size, each pixel the mean of four."""
    return F.avg_pool2d(picture, 2)
