"""Pictures with transparent parts: give those a harmless color, or a white ground."""

import numpy as np
import numpy.typing as npt
from PIL import Image

Bytes = npt.NDArray[np.uint8]


def fill_transparent(rgba: Image.Image) -> Image.Image:
    """Return mode RGB where wholly transparent pixels continue the colors around them.

    Files hide anything under alpha 0, mostly black. A network would paint that as a dark edge
    into the visible part. Push-pull (Gortler et al., 1996): halve the visible colors until
    they cover everything, then fill the holes of each size from the size below.
    """
    rgb, alpha = rgba.convert("RGB"), rgba.getchannel("A")
    least, most = alpha.getextrema()
    if least != 0 or most == 0:
        return rgb
    visible = alpha.point([0] + [255] * 255)
    clean = Image.merge("RGBA", (*rgb.split(), visible))
    half = clean.convert("RGBa").reduce(2).convert("RGBA")
    ground = fill_transparent(half).resize(rgb.size, Image.Resampling.BILINEAR)
    ground.paste(rgb, mask=visible)
    return ground


def on_white(rgb: Bytes, alpha: Bytes) -> Bytes:
    """Return uint8 pixels laid on a white ground by their alpha.

    >>> on_white(np.zeros((1, 1, 3), np.uint8), np.full((1, 1), 51, np.uint8)).tolist()
    [[[204, 204, 204]]]
    """
    weight = alpha[..., None].astype(np.uint16)
    mixed = rgb * weight + 255 * (255 - weight)
    return ((mixed + 127) // 255).astype(np.uint8)
