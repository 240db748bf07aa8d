"""Fill the holes (alpha 0) of a picture that is read in strips, from a small copy of its whole."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

from impasto.images.samples import depth_of, to_depth, white_of
from impasto.images.transparency import push_pull, with_holes
from impasto.images.window import Strip

_SIDE = 1024  # of the small copy, at least, where the picture has as much
_ROWS = 64  # strips come in these, so a copy must be smaller by a factor that divides it


@dataclass(frozen=True)
class Transparency:
    """What one pass over the strips tells about the alpha of a picture."""

    opaque: bool
    ground: Image.Image | None = None  # the small copy without holes; None where there were none

    def filled(self, strips: Iterable[Strip], height: int) -> Iterator[Strip]:
        """Yield the strips of a picture of this height without holes, if need be as copies."""
        top = 0
        for strip in strips:
            yield strip if self.ground is None else _filled(strip, self.ground, top, height)
            top += len(strip.pixels)


def look_through(strips: Iterable[Strip], height: int, width: int) -> Transparency:
    """Return what strips of 64 rows say: whether all is opaque, and the ground under holes."""
    factor = 1
    while factor < _ROWS and max(height, width) // (2 * factor) >= _SIDE:
        factor *= 2
    size = (-(-width // factor), -(-height // factor))
    small, top, least, white = Image.new("RGBa", size), 0, 65535, 65535
    for strip in strips:
        if strip.alpha is None:
            return Transparency(opaque=True)
        least, white = min(least, int(strip.alpha.min())), white_of(depth_of(strip.alpha))
        small.paste(
            with_holes(strip.pixels, strip.alpha).convert("RGBa").reduce(factor), (0, top // factor)
        )
        top += len(strip.pixels)
    ground = push_pull(small.convert("RGBA")) if least == 0 and small.getbbox() else None
    return Transparency(least == white, ground)


def _filled(strip: Strip, ground: Image.Image, top: int, height: int) -> Strip:
    pixels, alpha = strip
    if alpha is None or alpha.all():
        return strip
    rows, width = alpha.shape
    scale = ground.height / height
    part = (0, top * scale, ground.width, min(ground.height, (top + rows) * scale))
    colors = ground.resize((width, rows), Image.Resampling.BILINEAR, box=part)
    pixels, holes = pixels.copy(), alpha == 0
    pixels[holes] = to_depth(np.asarray(colors)[holes], depth_of(pixels))
    return Strip(pixels, alpha)
