"""How far features are from the content's, place by place; all losses are 0 for a perfect match."""

import torch.nn.functional as F
from torch import Tensor

from impasto.features.statistics import exact_dtype, instance_normalized
from impasto.losses.style import directions_of


def content_loss(painted: Tensor, content: Tensor) -> Tensor:
    """Mean squared error of instance-normalised features: where things are, not how bright."""
    return F.mse_loss(instance_normalized(painted), instance_normalized(content))


def feature_loss(painted: Tensor, content: Tensor) -> Tensor:
    """Squared error of features over the content's own energy; 1 for zeros."""
    exact = exact_dtype(content)
    painted, content = painted.to(exact), content.to(exact)
    error = (painted - content).square().mean((1, 2, 3))
    return (error / content.square().mean((1, 2, 3)).clamp_min(1e-6)).mean()


def self_similarity_loss(painted: Tensor, content: Tensor) -> Tensor:
    """Mean absolute difference of how unlike places are to each other (Kolkin et al. 2019).

    Both are features at the same places, P C. Cosine distances from one place to all are divided by
    their mean, so that the number of places and the contrast of the features do not matter.
    """
    return (_unlikeness(painted) - _unlikeness(content)).abs().mean()


def _unlikeness(x: Tensor) -> Tensor:
    unit = directions_of(x.to(exact_dtype(x)))
    distance = 1 - unit @ unit.T
    return distance / (distance.mean(1, keepdim=True) + 1e-4)  # flat pictures have no distances
