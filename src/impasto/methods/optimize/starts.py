"""What an optimisation begins with: the photo, noise, a style's colors, a painting, a picture."""

import os
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from impasto.errors import UsageError, did_you_mean
from impasto.images.resize import resize
from impasto.images.samples import to_floats, to_samples
from impasto.images.source import ArraySource, Source, open_picture
from impasto.images.window import whole
from impasto.methods.base import Pixels, Region
from impasto.methods.fast import FastStylizer
from impasto.methods.optimize.schedule import Scale
from impasto.methods.optimize.seen import to_tensor
from impasto.styles.style import Style, mix

STARTS = ("content", "noise", "style", "painter")
THUMBNAIL = 512  # long side that a painting's colors are measured at


def started(
    init: str,
    scale: Scale,
    source: Source,
    style: Style,
    regions: Sequence[Region],
    generator: torch.Generator,
) -> Tensor:
    """Return the picture to begin with, 1 3 H W.

    Args:
        init: ``content``, ``noise``, ``style``, ``painter``, or the path of a picture.

    Raises:
        UsageError: the style holds no painting to take colors from.
        PictureError: the picture cannot be read.
    """
    if init == "content":
        return canvas(source, scale)
    if init == "noise":
        return torch.rand(1, 3, *scale.size, generator=generator)
    if init == "style":
        return toned_noise(style, scale, generator)
    if init == "painter":
        return to_tensor(painted(source, style, regions, scale))
    if hint := "" if os.path.exists(init) else did_you_mean(init, STARTS):
        raise UsageError(f'--init "{init}" is no picture.{hint}')
    return to_tensor(resize(open_picture(init).thumbnail(max(scale.size)), *scale.size))


def canvas(source: Source, scale: Scale) -> Tensor:
    """Return the photo at a scale, 1 3 H W."""
    if scale.size == (source.height, source.width):
        pixels = to_floats(source.read(whole(*scale.size)))
    else:
        pixels = resize(source.thumbnail(max(scale.size)), *scale.size)
    return to_tensor(pixels)


def toned_noise(style: Style, scale: Scale, generator: torch.Generator) -> Tensor:
    """Return noise with the mean and the deviations of a painting's colors."""
    paintings = [(w, one.painting) for w, one in style.each if one.painting is not None]
    if not paintings:
        raise UsageError(f'--init style needs a painting, and "{style.name}" holds none.')
    _, painting = max(paintings, key=lambda pair: pair[0])
    pixels = painting.thumbnail(THUMBNAIL).reshape(-1, 3)
    mean, deviation = (torch.from_numpy(f(pixels, axis=0)) for f in (np.mean, np.std))
    noise = torch.randn(1, 3, *scale.size, generator=generator)
    return (mean.view(1, 3, 1, 1) + deviation.view(1, 3, 1, 1) * noise).clamp(0, 1)


def painted(source: Source, style: Style, regions: Sequence[Region], scale: Scale) -> Pixels:
    """Return the fast painter's painting at a scale."""
    painter = FastStylizer.open()
    small = ArraySource(source.name, to_samples(source.thumbnail(max(scale.size)), 16))

    def seen(one: Style) -> Style:
        parts = [(w, _with_vector(painter, part)) for w, part in one.each]
        return mix([part for _, part in parts], [w for w, _ in parts])

    told = [replace(region, style=region.style and seen(region.style)) for region in regions]
    prepared = painter.prepare(small, seen(style), told)
    return resize(prepared.paint(whole(small.height, small.width)), *scale.size)


def _with_vector(painter: FastStylizer, style: Style) -> Style:
    if style.vector.size or style.painting is None:
        return style
    vector = painter.encode(style.painting.thumbnail(THUMBNAIL))
    return replace(style, vector=vector, encoder_id=painter.encoder_id)
