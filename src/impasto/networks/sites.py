"""Sites: the named places of a network where features get a scale and a shift per channel.

All that depends on the whole picture happens there. A network is written once, with a `Site` that
is called at every place: one that measures what arrives, or one that is given what was measured
before, from a thumbnail. With the second, painting is purely local, so tiles are exact.
"""

from collections.abc import Callable, Mapping, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

Site = Callable[[str, Tensor], Tensor]
Sites = Sequence[tuple[str, int]]  # names in order, each with its number of channels

EPSILON = 1e-4  # variance floor: a flat content must not be blown up to the style's contrast
LEAST = 1e-2  # contrast, against the mean, that content is taken to have: bf16 resolves 0.004


def moments(x: Tensor) -> tuple[Tensor, Tensor]:
    """Return mean and standard deviation over the pixels of each channel, both (B, C).

    At least float32: half precision would lose the difference of two large sums.
    """
    x = x.to(torch.promote_types(x.dtype, torch.float32))
    mean = x.mean((2, 3))
    return mean, ((x - mean[..., None, None]).square().mean((2, 3)) + EPSILON).sqrt()


def to_moments(x: Tensor, mean: Tensor, std: Tensor) -> tuple[Tensor, Tensor]:
    """Return scale and shift (B, C) that give features (B C H W) this mean and deviation (B, C)."""
    found_mean, found_std = moments(x)
    scale = std / torch.maximum(found_std.square(), (LEAST * found_mean).square()).sqrt()
    return scale, mean - found_mean * scale


def flat(affine: Mapping[str, tuple[Tensor, Tensor]], sites: Sites) -> Tensor:
    """Return all scales and shifts, (B, N), in the order of the sites."""
    return torch.cat([torch.cat(affine[name], 1) for name, _ in sites], 1)


class Given:
    """Sites whose scale and shift were measured before: statistics (B, N) or (B, N, 1, 1)."""

    def __init__(self, sites: Sites, statistics: Tensor) -> None:
        parts = torch.split(statistics, [width for _, width in sites for _ in range(2)], 1)
        self.affine = {name: (parts[2 * i], parts[2 * i + 1]) for i, (name, _) in enumerate(sites)}

    def __call__(self, name: str, x: Tensor) -> Tensor:
        return apply(x, *self.affine[name])


class Blended(Given):
    """Sites whose scale and shift change over the picture: statistics (R, N), masks (1 R H W).

    `strides` tells for every site how many pixels one of its features covers.
    """

    def __init__(
        self, sites: Sites, strides: Mapping[str, int], statistics: Tensor, masks: Tensor
    ) -> None:
        super().__init__(sites, statistics)
        sizes = {n: masks if n == 1 else F.avg_pool2d(masks, n) for n in set(strides.values())}
        self.masks = {name: sizes[strides[name]] for name, _ in sites}

    def __call__(self, name: str, x: Tensor) -> Tensor:
        scale, shift = (_spread(part, self.masks[name]) for part in self.affine[name])
        return apply(x, scale, shift)


def _spread(part: Tensor, masks: Tensor) -> Tensor:
    """Return the map (1 C h w) of what each region (R, C) has, blended by masks (1 R h w)."""
    # Not flattened: a graph would keep the size of the picture that it was exported with.
    return (masks.permute(0, 2, 3, 1) @ part).permute(0, 3, 1, 2)


def apply(x: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
    """Return x (B C H W) times scale plus shift, both (B, C) or maps, in the type of x."""
    if scale.ndim == 2:
        scale, shift = scale[..., None, None], shift[..., None, None]
    return x * scale.to(x.dtype) + shift.to(x.dtype)
