"""Color arithmetic on pictures: luminance, chroma, gamut, linear light, Lab, OKLab.

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
_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_OKLAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
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
    Where the sum would leave [0, 1] it is brought back by `into_gamut`.

    Args:
        content: float32, H W 3, gives the colors.
        painted: float32, H W 3, gives light and dark.
    """
    chroma = content - luminance(content)[..., None]
    return into_gamut(luminance(painted)[..., None] + chroma)


def into_gamut(rgb: FloatArray) -> FloatArray:
    """Return colors within [0, 1]: those outside lose chroma, and keep luminance and hue.

    Clipping each channel instead would turn hues and melt bright places into one blob.

    >>> print(into_gamut(np.array([1.2, 0.5, 0.5], np.float32)).round(3))
    [1.    0.585 0.585]
    """
    luma = luminance(rgb)
    high = np.maximum(np.maximum(rgb[..., 0], rgb[..., 1]), rgb[..., 2])
    low = np.minimum(np.minimum(rgb[..., 0], rgb[..., 1]), rgb[..., 2])
    with np.errstate(divide="ignore", invalid="ignore"):
        excess = np.fmax((high - luma) / (1 - luma), (luma - low) / luma)
    lost = 1 - 1 / np.fmax(excess, np.float32(1))
    # Written so that colors inside come out bit for bit.
    inside = rgb + lost[..., None] * (luma[..., None] - rgb)
    return np.asarray(np.clip(inside, 0, 1), np.float32)


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


def rgb_to_oklab(rgb: npt.ArrayLike) -> npt.NDArray[np.floating]:
    """Return OKLab of sRGB values in [0, 1] (Ottosson, 2020): lightness 0 to 1, and two of hue.

    >>> (rgb_to_oklab([1.0, 1.0, 1.0]).round(6) + 0.0).tolist()
    [1.0, 0.0, 0.0]
    """
    return np.asarray(np.cbrt(srgb_to_linear(rgb) @ _TO_CONES.T) @ _TO_OKLAB.T)


def oklab_to_rgb(lab: npt.ArrayLike) -> npt.NDArray[np.floating]:
    """Return sRGB values in [0, 1] of OKLab; outside the gamut lightness and hue stay.

    The chroma is then the largest that sRGB can show, found by halving.

    >>> oklab_to_rgb(rgb_to_oklab([0.2, 0.4, 0.6])).round(3).tolist()
    [0.2, 0.4, 0.6]
    """
    values = np.array(lab, np.float64)
    values[..., 0] = values[..., 0].clip(0, 1)
    beyond = ~_within(_oklab_to_linear(values))[..., 0]
    values[beyond] = _less_chroma(values[beyond])
    return linear_to_srgb(_oklab_to_linear(values).clip(0, 1))


def _less_chroma(lab: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """Return colors, N 3, with the largest part of their chroma that sRGB can show."""
    low, high = np.zeros((len(lab), 1)), np.ones((len(lab), 1))
    for _ in range(20):
        middle = (low + high) / 2
        fits = _within(_oklab_to_linear(lab * _scaled(middle)))
        low, high = np.where(fits, middle, low), np.where(fits, high, middle)
    return lab * _scaled(low)


def _scaled(chroma: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    return np.concatenate([np.ones_like(chroma), chroma, chroma], axis=-1)


def _oklab_to_linear(lab: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    cones = (lab @ np.linalg.inv(_TO_OKLAB).T) ** 3
    return np.asarray(cones @ np.linalg.inv(_TO_CONES).T)


def _within(light: npt.NDArray[np.floating]) -> npt.NDArray[np.bool_]:
    return np.asarray(((light > -1e-6) & (light < 1 + 1e-6)).all(axis=-1, keepdims=True))
