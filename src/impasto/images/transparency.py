"""Pictures with transparent parts: give those a harmless color, or a white ground."""

from typing import Literal

import numpy as np
import numpy.typing as npt
from PIL import Image

from impasto.images.color import linear_to_srgb, srgb_to_linear
from impasto.images.samples import Samples, depth_of, to_depth, to_floats, to_samples, white_of

Bytes = npt.NDArray[np.uint8]
Blend = Literal["gamma", "linear"]


def fill_transparent(rgb: Samples, alpha: Samples) -> Samples:
    """Return the colors, H W 3, where pixels of alpha 0 continue the colors around them.

    Files hide anything under alpha 0, mostly black. A network would paint that as a dark edge
    into the visible part. What is filled in has 8 bits at any depth: nobody sees it. A picture
    without holes, or of nothing else, is returned as it is; otherwise it is changed in place.
    """
    holes = alpha == 0
    if not holes.any() or holes.all():
        return rgb
    colors = push_pull(with_holes(rgb, alpha))
    rgb[holes] = to_depth(np.asarray(colors)[holes], depth_of(rgb))
    return rgb


def with_holes(rgb: Samples, alpha: Samples) -> Image.Image:
    """Return mode RGBA of 8 bits whose alpha is 0 where it was and 255 elsewhere."""
    image = Image.fromarray(to_depth(rgb, 8))
    image.putalpha(Image.fromarray(np.where(alpha == 0, 0, 255).astype(np.uint8)))
    return image


def push_pull(rgba: Image.Image) -> Image.Image:
    """Return mode RGB without holes (Gortler et al., 1996).

    The visible colors are halved until they cover everything; then the holes of each size are
    filled from the size below.
    """
    rgb, alpha = rgba.convert("RGB"), rgba.getchannel("A")
    if alpha.getextrema()[0] != 0:
        return rgb
    visible = alpha.point([0] + [255] * 255)
    clean = Image.merge("RGBA", (*rgb.split(), visible))
    half = clean.convert("RGBa").reduce(2).convert("RGBA")
    ground = push_pull(half).resize(rgb.size, Image.Resampling.BILINEAR)
    ground.paste(rgb, mask=visible)
    return ground


def on_white(rgb: Samples, alpha: Samples, blend: Blend = "gamma") -> Samples:
    """Return samples laid on a white ground by their straight alpha, of the same depth.

    Args:
        blend: ``gamma`` mixes the stored values, as browsers do; ``linear`` mixes their light, so
            that soft edges get as bright as a lens would make them.

    >>> on_white(np.zeros((1, 1, 3), np.uint8), np.full((1, 1), 51, np.uint8)).tolist()
    [[[204, 204, 204]]]
    """
    if blend == "linear":
        share = to_floats(alpha)[..., None]
        light = srgb_to_linear(to_floats(rgb)) * share + (1 - share)
        return to_samples(linear_to_srgb(light), depth_of(rgb))
    white = np.uint32(white_of(depth_of(rgb)))
    weight = alpha[..., None].astype(np.uint32)
    mixed = rgb * weight + white * (white - weight)
    mixed += white // np.uint32(2)  # the sum stays below 2 ** 32 for 16 bits too
    mixed //= white
    return mixed.astype(rgb.dtype)
