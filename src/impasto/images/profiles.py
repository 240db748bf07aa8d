"""Color profiles: from whatever a file says to sRGB, and the sRGB profile that is written."""

import io
from functools import lru_cache

from PIL import Image, ImageCms

_MODE_OF_SPACE = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK", "Lab": "LAB"}


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return an RGB, L, CMYK or LAB picture as sRGB in mode RGB, by its ICC profile.

    Relative colorimetric with black point compensation. A profile that is missing, broken or
    made for other channels is ignored, as browsers do: the picture matters more.
    """
    try:
        if image.mode == "LAB":
            return _convert(image, ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")))
        if profile:
            return _by_profile(image, ImageCms.ImageCmsProfile(io.BytesIO(profile)))
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError, AttributeError):
        pass
    return image.convert("RGB")


def _by_profile(image: Image.Image, profile: ImageCms.ImageCmsProfile) -> Image.Image:
    mode = _MODE_OF_SPACE.get(profile.profile.xcolor_space.strip())
    description = profile.profile.profile_description or ""
    if mode == "RGB" and description.lower().startswith("srgb"):
        return image.convert("RGB")  # the common case: nothing to do, and nothing rounded
    if image.mode == "L" and mode == "RGB":
        image = image.convert("RGB")  # grey pictures often carry the profile of their screen
    return _convert(image, profile) if image.mode == mode else image.convert("RGB")


def _convert(image: Image.Image, profile: ImageCms.ImageCmsProfile) -> Image.Image:
    converted = ImageCms.profileToProfile(
        image,
        profile,
        ImageCms.ImageCmsProfile(io.BytesIO(srgb_profile())),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode="RGB",
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    if converted is None:
        raise ValueError("the conversion gave no picture")
    return converted


@lru_cache(maxsize=1)
def srgb_profile() -> bytes:
    """Return the ICC profile of sRGB, the same bytes every time."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    data[24:36] = b"\x07\xea\x00\x01\x00\x01\x00\x00\x00\x00\x00\x00"  # date: 2026-01-01, not now
    return bytes(data)
