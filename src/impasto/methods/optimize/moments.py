"""The moments of a painting that a style file keeps, as the encoder sees them."""

from collections.abc import Sequence

import numpy as np
import torch

from impasto.features.encoder import Encoder
from impasto.images.resize import FloatPicture, fit_long_side, resize
from impasto.images.source import Source
from impasto.styles.moments import Statistics, StyleMoments

# Long sides, evenly spaced by factors. A size between two is off by 1 % of the energy at most (mean
# of nine styles); a fifth would take the file of a style beyond 16 KB.
SIZES = (32, 80, 203, 512)


@torch.no_grad()
def moments_of(
    painting: Source, encoder: Encoder, sizes: Sequence[int] = SIZES, layers: Sequence[str] = ()
) -> StyleMoments:
    """Return mean and deviation of a painting's features at several sizes of it.

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
    seen = painting.thumbnail(max(sizes))
    height, width = seen.shape[:2]
    names = layers or encoder.layers
    reduced = {
        size: resize(seen, *fit_long_side(height, width, size))
        for size in sorted({min(size, max(height, width)) for size in sizes})
    }
    return StyleMoments(
        encoder.id, {size: _statistics(small, encoder, names) for size, small in reduced.items()}
    )


def _statistics(
    picture: FloatPicture, encoder: Encoder, layers: Sequence[str]
) -> dict[str, Statistics]:
    picture = _at_least(picture, max(encoder.stride(layer) for layer in layers))
    batch = np.ascontiguousarray(picture.transpose(2, 0, 1)[None])
    features = encoder(torch.from_numpy(batch).to(encoder.mean.device), layers)
    return {layer: _mean_and_deviation(features[layer]) for layer in layers}


def _at_least(picture: FloatPicture, side: int) -> FloatPicture:
    """Return a picture with no side below one feature's, its edge repeated."""
    below, beside = (max(0, side - length) for length in picture.shape[:2])
    return np.pad(picture, ((0, below), (0, beside), (0, 0)), mode="edge")


def _mean_and_deviation(features: torch.Tensor) -> Statistics:
    exact = features[0].to(torch.promote_types(features.dtype, torch.float32))
    deviation, mean = torch.std_mean(exact, (1, 2), correction=0)
    return torch.stack([mean, deviation]).cpu().numpy().astype(np.float32)
