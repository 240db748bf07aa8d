"""The file formats that are written, and how each one is encoded."""

from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
from PIL import Image, PngImagePlugin

from impasto.images.profiles import srgb_profile
from impasto.images.transparency import Bytes

_XMP_TAG = 700
_PREDICTOR_TAG = 317


@dataclass(frozen=True)
class Format:
    """What a file format can hold."""

    name: str
    max_side: int
    alpha: bool = True
    profile: bool = True
    max_metadata: int = 1 << 30  # bytes of XMP; 0 where there is no place for it


_JPEG = Format("JPEG", 65_500, alpha=False, max_metadata=65_502)
_PNG = Format("PNG", 2**31 - 1)
_WEBP = Format("WEBP", 16_383)
_AVIF = Format("AVIF", 65_535)
_TIFF = Format("TIFF", 2**31 - 1)
_BMP = Format("BMP", 2**31 - 1, alpha=False, profile=False, max_metadata=0)
_GIF = Format("GIF", 65_535, profile=False, max_metadata=0)

BY_SUFFIX = {
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
    ".png": _PNG,
    ".webp": _WEBP,
    ".avif": _AVIF,
    ".tif": _TIFF,
    ".tiff": _TIFF,
    ".bmp": _BMP,
    ".gif": _GIF,
}


def encode(
    file: BinaryIO, kind: Format, pixels: Bytes, *, quality: int, metadata: bytes | None
) -> None:
    """Write uint8 pixels, H W 3 or H W 4, to an open file."""
    image = Image.fromarray(pixels)
    options: dict[str, Any] = {"icc_profile": srgb_profile()} if kind.profile else {}
    match kind.name:
        case "JPEG":
            # Full chroma: fine paint loses its color to the usual 4:2:0.
            options |= {"quality": quality, "subsampling": "4:4:4", "xmp": metadata or b""}
        case "PNG":
            options |= {"compress_level": 1, "pnginfo": _png_text(metadata)}
        case "WEBP":
            options |= {"quality": quality, "lossless": quality == 100, "exact": True}
            options |= {"xmp": metadata or b""}
        case "AVIF":
            options |= {"quality": quality, "subsampling": "4:4:4", "speed": 9}
            options |= {"xmp": metadata or b""}
        case "TIFF":
            tags: dict[int, object] = {_PREDICTOR_TAG: 2}
            tags |= {_XMP_TAG: metadata} if metadata else {}
            options |= {"compression": "tiff_adobe_deflate", "tiffinfo": tags}
        case "GIF":
            image, transparent = _to_palette(image)
            options |= {} if transparent is None else {"transparency": transparent}
    image.save(file, format=kind.name, **options)


def _png_text(metadata: bytes | None) -> PngImagePlugin.PngInfo:
    text = PngImagePlugin.PngInfo()
    if metadata:
        text.add_itxt("XML:com.adobe.xmp", metadata.decode("utf-8"))
    return text


def _to_palette(image: Image.Image) -> tuple[Image.Image, int | None]:
    """Reduce to the 256 colors of GIF, dithered; one of them is transparent if need be."""
    rgb = image.convert("RGB")
    sample = rgb.reduce(max(1, max(rgb.size) // 512))  # finding the colors is what takes long
    if image.mode == "RGB":
        return rgb.quantize(palette=sample.quantize(256)), None
    indexed = rgb.quantize(palette=sample.quantize(255))
    hidden = np.asarray(image.getchannel("A")) < 128
    indexed.paste(255, mask=Image.fromarray(hidden))
    return indexed, 255
