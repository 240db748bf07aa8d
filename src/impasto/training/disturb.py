"""Pictures as optimisers make them and cameras never do: noisy, blurred, glaring, blended."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

Random = np.random.Generator


def disturbed(pictures: Tensor, random: Random) -> Tensor:
    """Return pictures (B 3 H W in [0, 1]), each disturbed in a way of its own, still in [0, 1]."""
    ways = (noisy, blurred, glaring, blended)
    chosen = random.integers(len(ways), size=len(pictures))
    others = pictures.roll(1, 0)
    made = [
        ways[way](one, other, random)
        for way, one, other in zip(chosen, pictures, others, strict=True)
    ]
    return torch.stack(made).clamp(0, 1)


def noisy(picture: Tensor, other: Tensor, random: Random) -> Tensor:
    """Add noise of grains from 1 to 8 pixels."""
    height, width = picture.shape[1:]
    grain = int(2 ** random.integers(4))
    small = random.standard_normal((1, 3, -(-height // grain), -(-width // grain)))
    noise = F.interpolate(torch.from_numpy(small.astype("f4")), (height, width), mode="nearest")
    return picture + float(random.uniform(0.02, 0.3)) * noise[0]


def blurred(picture: Tensor, other: Tensor, random: Random) -> Tensor:
    """Make smooth, as a picture is before its details come."""
    size = picture.shape[1:]
    factor = int(random.integers(2, 9))
    small = F.interpolate(picture[None], scale_factor=1 / factor, mode="area")
    return F.interpolate(small, tuple(size), mode="bilinear")[0]


def glaring(picture: Tensor, other: Tensor, random: Random) -> Tensor:
    """Raise contrast and saturation of every colour by factors of their own."""
    factors = torch.from_numpy(random.uniform(0.3, 4, (3, 1, 1)).astype("f4"))
    middle = picture.mean((1, 2), keepdim=True)
    return middle + (picture - middle) * factors


def blended(picture: Tensor, other: Tensor, random: Random) -> Tensor:
    """Lay another picture over it."""
    return picture.lerp(other, float(random.uniform(0.2, 0.8)))
