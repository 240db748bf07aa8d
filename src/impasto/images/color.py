"""Color arithmetic on pictures: luminance, chroma, linear light, Lab.

A picture is float32, H W 3, sRGB, [0, 1]. Everything here looks at one pixel at a time, so
tiles equal the whole.
"""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
_TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
_WHITE = _TO_XYZ.sum(axis=1)  # D65 by the same rounding, so that greys have no chroma at all


def luminance(rgb: FloatArray) -> FloatArray:
    """Return the luma of each pixel, H W, by the weights of Rec. 601 (Gatys et al., 2016).

    >>> float(luminance(np.ones((1, 1, 3), np.float32))[0, 0])
    1.0
    """
    red, green, blue = _LUMA  # a matrix product would sum in another order in every tile
    luma = rgb[..., 0] * red + rgb[..., 1] * green + rgb[..., 2] * blue
    return np.asarray(np.clip(luma, 0, 1), np.float32)


def keep_chroma(content: FloatArray, painted: FloatArray) -> FloatArray:
    """Return the painted picture's luminance with the content's chroma.

    Chroma is the difference of each channel to the luminance, so taking a picture apart and
    together again is exact; the rounded YUV matrices in use elsewhere are off by 0.002.
    Where the sum would leave [0, 1] the chroma is scaled towards grey: luminance and hue stay.

    Args:
        content: float32, H W 3, gives the colors.
        painted: float32, H W 3, gives light and dark.
    """
    luma = luminance(painted)[..., None]
    chroma = content - luminance(content)[..., None]
    with np.errstate(divide="ignore", invalid="ignore"):
        room = np.fmax((1 - luma) / chroma, -luma / chroma).min(axis=-1, keepdims=True)
    return np.asarray(np.clip(luma + np.minimum(room, 1) * chroma, 0, 1), np.float32)


def srgb_to_linear(rgb: npt.ArrayLike) -> npt.NDArray[np.floating]:
    """Return linear light of sRGB values in [0, 1] (IEC 61966-2-1).

    >>> round(float(srgb_to_linear(0.5)), 4)
    0.214
    """
    values = np.asarray(rgb)
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def linear_to_srgb(light: npt.ArrayLike) -> npt.NDArray[np.floating]:
    """Return sRGB values of linear light in [0, 1] (IEC 61966-2-1).

    >>> round(float(linear_to_srgb(srgb_to_linear(0.5))), 6)
    0.5
    """
    values = np.asarray(light)
    return np.where(values <= 0.0031308, values * 12.92, 1.055 * values ** (1 / 2.4) - 0.055)


def rgb_to_lab(rgb: npt.ArrayLike) -> npt.NDArray[np.floating]:
    """Return CIE L*a*b* (D65) of sRGB values in [0, 1]; the last axis holds the channels.

    >>> rgb_to_lab([1.0, 1.0, 1.0]).round(3).tolist()
    [100.0, 0.0, 0.0]
    """
    xyz = srgb_to_linear(rgb) @ _TO_XYZ.T / _WHITE
    cube = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz * (29 / 6) ** 2 / 3 + 4 / 29)
    x, y, z = cube[..., 0], cube[..., 1], cube[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def lab_to_rgb(lab: npt.ArrayLike) -> npt.NDArray[np.floating]:
    """Return sRGB values in [0, 1] of CIE L*a*b* (D65), clipped to the gamut.

    >>> lab_to_rgb(rgb_to_lab([0.2, 0.4, 0.6])).round(3).tolist()
    [0.2, 0.4, 0.6]
    """
    values = np.asarray(lab)
    y = (values[..., 0] + 16) / 116
    cube = np.stack([y + values[..., 1] / 500, y, y - values[..., 2] / 200], axis=-1)
    xyz = np.where(cube > 6 / 29, cube**3, 3 * (6 / 29) ** 2 * (cube - 4 / 29)) * _WHITE
    light = xyz @ np.linalg.inv(_TO_XYZ).T
    return linear_to_srgb(np.clip(light, 0, 1))
