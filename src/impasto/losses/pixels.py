"""Losses of pictures, B 3 H W, RGB in [0, 1]: structure, smoothness, color, range."""

import torch
import torch.nn.functional as F
from torch import Tensor

from impasto.losses.style import quantile_loss


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


def total_variation_l2(picture: Tensor) -> Tensor:
    """Mean squared difference of neighbours: blurs where the absolute one flattens.

    >>> float(total_variation_l2(torch.arange(4.0).expand(1, 3, 4, 4)))
    1.0
    """
    rows = (picture[:, :, 1:] - picture[:, :, :-1]).square().mean()
    columns = (picture[..., 1:] - picture[..., :-1]).square().mean()
    return rows + columns


def total_variation_nine_point(picture: Tensor) -> Tensor:
    """Mean squared slope over all eight neighbours, the same for edges of every direction.

    Sides weigh 2/3 and diagonals 1/6, so that the gradient is the nine-point Laplacian.
    """
    above, below = picture[:, :, :-1], picture[:, :, 1:]
    falling = (below[..., 1:] - above[..., :-1]).square().mean()
    rising = (below[..., :-1] - above[..., 1:]).square().mean()
    return total_variation_l2(picture) * 2 / 3 + (falling + rising) / 6


def histogram_loss(painted: Tensor, style: Tensor) -> Tensor:
    """Squared distance of each channel to itself with the style's histogram, over its variance.

    The matched channel is held fixed (Risser et al. 2017); quantiles replace bins, so the pictures
    may have different sizes. Also of features, B C h w.
    """
    pairs = zip(painted, style.expand(len(painted), -1, -1, -1), strict=True)
    return torch.stack([quantile_loss(x.flatten(1), y.flatten(1)) for x, y in pairs]).mean()


def range_penalty(picture: Tensor) -> Tensor:
    """Mean squared distance to [0, 1].

    >>> float(range_penalty(torch.tensor([-0.5, 0.5, 1.5, 1.0])))
    0.125
    """
    return (picture - picture.clamp(0, 1)).square().mean()
