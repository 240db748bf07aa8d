"""Color profiles: from whatever a file says to sRGB, and the sRGB profile that is written."""

import io
from functools import lru_cache

from PIL import Image, ImageCms

_MODE_OF_SPACE = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK", "Lab": "LAB"}
_BROKEN = (ImageCms.PyCMSError, OSError, ValueError, TypeError, AttributeError)


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return an RGB, L, CMYK or LAB picture as sRGB in mode RGB, by its ICC profile.

    Relative colorimetric with black point compensation. A profile that is missing, broken or
    made for other channels is ignored, as browsers do: the picture matters more.
    """
    if image.mode != "LAB" and is_srgb(profile):
        return as_mode(image, "RGB")  # the common case: nothing to do, and nothing rounded
    if image.mode == "L" and mode_of(profile) == "RGB":
        image = image.convert("RGB")  # grey pictures often carry the profile of their screen
    if image.mode == "LAB" or image.mode == mode_of(profile):
        transform = _transform(None if image.mode == "LAB" else profile, image.mode)
        converted = None if transform is None else ImageCms.applyTransform(image, transform)
        if converted is not None:
            return converted
    return as_mode(image, "RGB")


def as_mode(image: Image.Image, mode: str) -> Image.Image:
    """Return an image in another mode; Pillow alone would copy one that has it already."""
    return image if image.mode == mode else image.convert(mode)


def kept_profile(mode: str, profile: bytes | None) -> bytes | None:
    """Return the profile that a picture of this Pillow mode can stay in; None means sRGB.

    Only color pictures keep theirs, where it is sound, for RGB and not sRGB itself.
    """
    of_color = mode in ("RGB", "RGBA", "RGBX", "P", "PA") and mode_of(profile) == "RGB"
    return profile if of_color and not is_srgb(profile) else None


@lru_cache(maxsize=8)
def mode_of(profile: bytes | None) -> str | None:
    """Return the Pillow mode that an ICC profile is for; None where it is missing or broken."""
    opened = _opened(profile)
    return None if opened is None else _MODE_OF_SPACE.get(opened.profile.xcolor_space.strip())


@lru_cache(maxsize=8)
def is_srgb(profile: bytes | None) -> bool:
    """Tell whether pixels of this profile are sRGB already; also without a profile."""
    opened = _opened(profile)
    if opened is None:
        return True
    description = opened.profile.profile_description or ""
    return mode_of(profile) == "RGB" and description.lower().startswith("srgb")


def _opened(profile: bytes | None) -> ImageCms.ImageCmsProfile | None:
    try:
        return ImageCms.ImageCmsProfile(io.BytesIO(profile)) if profile else None
    except _BROKEN:
        return None


@lru_cache(maxsize=8)
def _transform(profile: bytes | None, mode: str) -> ImageCms.ImageCmsTransform | None:
    try:
        return ImageCms.buildTransform(
            _opened(profile) or ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")),
            ImageCms.ImageCmsProfile(io.BytesIO(srgb_profile())),
            mode,
            "RGB",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except _BROKEN:
        return None


@lru_cache(maxsize=1)
def srgb_profile() -> bytes:
    """Return the ICC profile of sRGB, the same bytes every time."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    data[24:36] = b"\x07\xea\x00\x01\x00\x01\x00\x00\x00\x00\x00\x00"  # date: 2026-01-01, not now
    return bytes(data)
