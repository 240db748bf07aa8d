"""Losses as pure functions of tensors; all return a scalar, 0 for a perfect match."""

import torch
import torch.nn.functional as F
from torch import Tensor

from impasto.features.statistics import Moments, instance_normalized


def moment_loss(painted: Moments, style: Moments) -> Tensor:
    """Squared difference of means and deviations over the style's own mean variance.

    The division makes layers, and styles of little and much contrast, weigh alike; AdaIN (Huang and
    Belongie 2017) has the plain squared difference.
    """
    difference = (painted.mean - style.mean).square() + (painted.std - style.std).square()
    scale = style.std.square().mean(1, keepdim=True)
    return (difference / scale).mean()


def covariance_loss(painted: Moments, style: Moments) -> Tensor:
    """Squared Frobenius distance of covariances over the style's own squared norm.

    What moments of single channels cannot see: which colors and strokes occur together.
    """
    difference = (painted.covariance - style.covariance).square().sum((1, 2))
    return (difference / style.covariance.square().sum((1, 2)).clamp_min(1e-6)).mean()


def content_loss(painted: Tensor, content: Tensor) -> Tensor:
    """Mean squared error of instance-normalised features: where things are, not how bright."""
    return F.mse_loss(instance_normalized(painted), instance_normalized(content))


def structure_loss(painted: Tensor, content: Tensor, window: int = 7) -> Tensor:
    """One minus the mean structural similarity of luminance (Wang et al. 2004), uniform windows.

    What the deep features of the content loss let pass: fine noise over smooth places.
    Both pictures are B 3 H W, RGB in [0, 1].
    """
    weights = painted.new_tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)
    x, y = (picture * weights for picture in (painted, content))
    x, y = x.sum(1, keepdim=True), y.sum(1, keepdim=True)
    sums = F.avg_pool2d(torch.cat([x, y, x * x, y * y, x * y], 1), window, 1)
    mean_x, mean_y, xx, yy, xy = torch.split(sums, 1, 1)
    covariance = xy - mean_x * mean_y
    variances = xx - mean_x.square() + yy - mean_y.square()
    light = (2 * mean_x * mean_y + 1e-4) / (mean_x.square() + mean_y.square() + 1e-4)
    similarity: Tensor = light * (2 * covariance + 9e-4) / (variances + 9e-4)
    return 1 - similarity.mean()


def total_variation(picture: Tensor) -> Tensor:
    """Mean absolute difference of neighbours, anisotropic.

    >>> float(total_variation(torch.ones(1, 3, 4, 4)))
    0.0
    """
    rows = (picture[:, :, 1:] - picture[:, :, :-1]).abs().mean()
    columns = (picture[..., 1:] - picture[..., :-1]).abs().mean()
    return rows + columns


def range_penalty(picture: Tensor) -> Tensor:
    """Mean squared distance to [0, 1].

    >>> float(range_penalty(torch.tensor([-0.5, 0.5, 1.5, 1.0])))
    0.125
    """
    return (picture - picture.clamp(0, 1)).square().mean()
