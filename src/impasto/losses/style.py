"""How far features are from a style's, wherever they are: by their moments, or by samples.

All losses are 0 for a perfect match. All but that of Gatys are divided by the style's own energy:
layers, and styles of little and much contrast, then weigh alike. Moments of several pictures give
the average.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from impasto.features.statistics import Moments, exact_dtype

SIMILARITIES = 2**22  # held at a time by the search for nearest neighbours: 16 MB


def moment_loss(painted: Moments, style: Moments) -> Tensor:
    """Squared difference of means and deviations over the style's own mean variance.

    The division makes layers, and styles of little and much contrast, weigh alike; AdaIN (Huang and
    Belongie 2017) has the plain squared difference.
    """
    difference = (painted.mean - style.mean).square() + (painted.std - style.std).square()
    scale = style.std.square().mean(1, keepdim=True)
    return (difference / scale).mean()


def mean_loss(painted: Moments, style: Moments) -> Tensor:
    """Squared distance of means over the style's total variance: how far the colors are off."""
    return ((painted.mean - style.mean).square().sum(1) / total_variance(style)).mean()


def covariance_loss(painted: Moments, style: Moments) -> Tensor:
    """Squared Frobenius distance of covariances over the style's own squared norm; 1 when flat.

    What moments of single channels cannot see: which colors and strokes occur together.
    """
    difference = (painted.covariance - style.covariance).square().sum((1, 2))
    energy = style.covariance.square().sum((1, 2))
    return (difference / torch.maximum(energy, _floor(style).square())).mean()


def covariance_and_mean_loss(painted: Moments, style: Moments) -> Tensor:
    """The covariance loss, which does not see the mean color, and the mean loss together."""
    return covariance_loss(painted, style) + mean_loss(painted, style)


def mixed_loss(painted: Moments, style: Moments) -> Tensor:
    """Half the loss of moments and half that of covariances: all but Wasserstein's, for little.

    Deviations hold what is faint, covariances what is strong; alone, either leaves color fringes.
    """
    return (moment_loss(painted, style) + covariance_loss(painted, style)) / 2


def gram_loss(painted: Moments, style: Moments) -> Tensor:
    """Squared Frobenius distance of Gram matrices over the style's own squared norm; 1 for zeros.

    >>> ones, nothing = torch.ones(1, 2), torch.zeros(1, 2, 2)
    >>> float(gram_loss(Moments(0 * ones, nothing), Moments(ones, nothing)))
    1.0
    """
    target = style.second
    difference = (painted.second - target).square().sum((1, 2))
    return (difference / target.square().sum((1, 2)).clamp_min(1e-12)).mean()


def gatys_loss(painted: Moments, style: Moments) -> Tensor:
    """Mean squared difference of Gram matrices per pixel, not normalised (Gatys et al. 2016)."""
    return (painted.second - style.second).square().mean()


def total_variance(style: Moments) -> Tensor:
    """Return the sum of the channels' variances, B; at least a thousandth of the mean's energy.

    So a flat style divides nothing by 0, and does not drown the others.
    """
    return torch.maximum(style.variance.sum(1), _floor(style))


def _floor(style: Moments) -> Tensor:
    return (1e-3 * style.mean.square().sum(1)).clamp_min(1e-6)


def sliced_wasserstein_loss(painted: Tensor, style: Tensor, directions: Tensor) -> Tensor:
    """Squared Wasserstein distance of samples along directions, over the style's variance there.

    Args:
        painted: P C, samples of what was painted.
        style: N C, of the style; another number of samples is interpolated between quantiles.
        directions: D C, of any length; draw them anew for each step (Heitz et al. 2021).
    """
    directions = F.normalize(directions.to(painted.dtype), dim=1)
    return quantile_loss(directions @ painted.T, directions @ style.to(painted.dtype).T)


def quantile_loss(painted: Tensor, style: Tensor) -> Tensor:
    """Squared distance of sorted values (K P) to the style's quantiles (K N), over its variance.

    >>> float(quantile_loss(torch.tensor([[3.0, 1.0, 2.0]]), torch.tensor([[1.0, 2.0, 3.0]])))
    0.0
    """
    wanted, found = style.detach().sort(1).values, painted.sort(1).values
    variance, mean = torch.var_mean(wanted, 1, correction=0)
    scale = variance.mean().clamp_min(1e-3 * mean.square().mean()).clamp_min(1e-6)
    if wanted.shape != found.shape:
        wanted = F.interpolate(wanted[None], found.shape[1], mode="linear")[0]
    return (found - wanted).square().mean() / scale


def nearest_neighbor_loss(painted: Tensor, style: Tensor) -> Tensor:
    """Cosine distance of each painted sample (P C) to the most similar of the style's (N C).

    Both are centred, each by its own mean for the search, so that a color cast hides no match, and
    by the style's for the distance. Matches are held fixed (Kolkin et al. 2022). 1 when flat.
    """
    exact = exact_dtype(painted)
    painted, style = painted.to(exact), style.detach().to(exact)
    with torch.no_grad():
        here, there = (directions_of(x - x.mean(0)) for x in (painted, style))
        parts = torch.split(here, max(1, SIMILARITIES // len(style)))
        matches = torch.cat([(part @ there.T).argmax(1) for part in parts])
    # half the squared distance of unit vectors is 1 - cosine, and exactly 0 for a perfect match
    return (directions_of(painted - style.mean(0)) - there[matches]).square().sum(1).mean() / 2


def directions_of(x: Tensor) -> Tensor:
    """Return rows of length 1; of length 0 where they have none, with a finite gradient."""
    return x * (x.square().sum(1, keepdim=True) + 1e-8).rsqrt()
