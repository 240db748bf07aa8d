"""The grid of samples: photos in the first row, each style and what is painted with it below."""

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from impasto.images.transparency import Bytes


def sample_grid(content: Tensor, painted: Sequence[Tensor], styles: Sequence[Tensor] = ()) -> Bytes:
    """Return one picture of many, uint8 H W 3.

    Args:
        content: photos, B 3 H W in [0, 1].
        painted: for each style the paintings of these photos, B 3 H W; values beyond are clipped.
        styles: the pictures of the styles, 3 h w of any size, at the left; none, no such column.
    """
    photos = content.float().cpu()
    rows = [photos, *(one.float().cpu() for one in painted)]
    if styles:
        corner = torch.ones_like(photos[0])
        first = [corner, *(_fitted(style.float().cpu(), corner) for style in styles)]
        rows = [torch.cat([one[None], row]) for one, row in zip(first, rows, strict=True)]
    page = torch.cat([torch.cat(list(row), 2) for row in rows], 1)
    return np.asarray((page.clamp(0, 1) * 255).round().byte().permute(1, 2, 0))


def _fitted(picture: Tensor, place: Tensor) -> Tensor:
    """Return a picture fitted into a white place."""
    height, width = place.shape[1:]
    scale = min(height / picture.shape[1], width / picture.shape[2])
    size = [max(1, round(side * scale)) for side in picture.shape[1:]]
    small = F.interpolate(picture[None], size, mode="bilinear", antialias=True)[0]
    result = torch.ones_like(place)
    top, left = (height - size[0]) // 2, (width - size[1]) // 2
    result[:, top : top + size[0], left : left + size[1]] = small
    return result
