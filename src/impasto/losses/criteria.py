"""Style losses by name, and targets made of styles."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from impasto.errors import SettingError, did_you_mean
from impasto.features.statistics import Moments
from impasto.losses.style import (
    covariance_and_mean_loss,
    gatys_loss,
    gram_loss,
    mixed_loss,
    moment_loss,
)
from impasto.losses.wasserstein import W2Target, w2_loss

# of moments: sums over features suffice, so that memory is bounded at any size
STATISTICS: dict[str, Callable[[Moments, Moments], Tensor]] = {
    "gram": gram_loss,
    "moments": moment_loss,
    "covariance": covariance_and_mean_loss,
    "mixed": mixed_loss,
    "w2": w2_loss,
    "gatys": gatys_loss,
}

FEATURES = frozenset({"sliced", "nearest"})  # of samples of the features themselves


def style_loss(name: str, style: Moments) -> Callable[[Moments], Tensor]:
    """Return the loss of that name against a style, with all that depends on the style done once.

    Raises SettingError if there is no such statistic, or the style has only the diagonal of its
    covariance and the loss needs all of it.
    """
    if name not in STATISTICS:
        known = ", ".join(STATISTICS)
        raise SettingError(
            f'There is no statistic "{name}".{did_you_mean(name, STATISTICS)} Choose from: {known}.'
        )
    if name != "moments" and style.covariance.ndim == 2:
        raise SettingError(
            f"{name} compares channels with each other, and the style has only the mean and "
            "deviation of each. Give a picture as style, or choose moments."
        )
    if name == "w2":
        return W2Target(style)
    return lambda painted: STATISTICS[name](painted, style)


def blend_moments(parts: Sequence[tuple[float, Moments]]) -> Moments:
    """Return the moments of a mixture: what pictures of these areas, side by side, would have.

    Means and raw second moments are averaged by weight, which need not sum to 1; deviations and
    covariances do not average. Raises SettingError unless weights are 0 or more, and one is more.
    """
    weights = [weight for weight, _ in parts]
    total = sum(weights)
    if not total > 0 or min(weights) < 0:
        raise SettingError(
            f"The weights of the styles are {weights}. Give numbers of 0 or more, and one above 0."
        )
    mean = torch.stack([weight / total * part.mean for weight, part in parts]).sum(0)
    second = torch.stack([weight / total * part.second for weight, part in parts]).sum(0)
    centre = Moments(mean, torch.zeros_like(second)).second
    return Moments(mean, second - centre)
