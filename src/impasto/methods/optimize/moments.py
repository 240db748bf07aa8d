"""The moments of a painting that a style file keeps, as the encoder sees them."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from impasto.features.encoder import Encoder
from impasto.features.statistics import exact_dtype
from impasto.images.resize import FloatPicture, fit_long_side, resize
from impasto.images.source import Source
from impasto.methods.optimize.blocks import blocks, with_margin
from impasto.methods.optimize.pyramid import halved
from impasto.styles.moments import Statistics, StyleMoments

# Long sides, about evenly spaced by factors. Over canvases of 128 to 512 pixels and their pyramids
# what is read off between them is off by 1.4 % of the energy (mean of eight styles); a fifth size
# would take a style file beyond 16 KB.
SIZES = (24, 64, 181, 512)


@torch.no_grad()
def moments_of(
    painting: Source, encoder: Encoder, sizes: Sequence[int] = SIZES, layers: Sequence[str] = ()
) -> StyleMoments:
    """Return mean and deviation of a painting's features at several sizes of it.

    It is seen as most levels of a pyramid see it: at twice the size, then halved.

    Args:
        painting: a picture of any size; it is reduced but never enlarged, so a size beyond its own
            counts as its own.
        encoder: what sees it.
        sizes: long sides in pixels.
        layers: names of the encoder's layers; by default all.

    Raises:
        PictureError: the painting cannot be read.
        SettingError: the encoder has no such layer.
    """
    seen = painting.thumbnail(2 * max(sizes))
    own = max(seen.shape[:2])
    names = layers or encoder.layers
    return StyleMoments(
        encoder.id,
        {
            size: _statistics(_reduced(seen, size), encoder, names)
            for size in sorted({min(size, own) for size in sizes})
        },
    )


def _reduced(picture: FloatPicture, size: int) -> Tensor:
    """Return the picture at a long side, 1 3 h w, halved by the pyramid where it is that large."""
    height, width = picture.shape[:2]
    twice = 2 * size <= max(height, width)
    small = resize(picture, *fit_long_side(height, width, 2 * size if twice else size))
    tensor = torch.from_numpy(np.ascontiguousarray(small.transpose(2, 0, 1)[None]))
    return halved(tensor) if twice else tensor


def _statistics(picture: Tensor, encoder: Encoder, layers: Sequence[str]) -> dict[str, Statistics]:
    multiple = max(encoder.stride(layer) for layer in layers)
    height, width = picture.shape[2:]
    (block,) = blocks(height, width, side=max(height, width), reach=0, multiple=multiple)
    features = encoder(with_margin(picture.to(encoder.mean.device), block.margin), layers)
    return {
        layer: _mean_and_deviation(block.owned(features[layer], encoder.stride(layer)))
        for layer in layers
    }


def _mean_and_deviation(features: Tensor) -> Statistics:
    exact = features[0].to(exact_dtype(features))
    deviation, mean = torch.std_mean(exact, (1, 2), correction=0)
    return torch.stack([mean, deviation]).cpu().numpy().astype(np.float32)
