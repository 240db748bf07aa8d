"""The file formats that are written, and how each one is encoded."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal, cast

import numpy as np
from PIL import Image

from impasto.images.metadata import NOTHING, Metadata, exif_of
from impasto.images.png import write_png
from impasto.images.profiles import srgb_profile
from impasto.images.rows import Layout
from impasto.images.samples import Samples
from impasto.images.tiff import write_tiff

Chroma = Literal["4:4:4", "4:2:2", "4:2:0"]


@dataclass(frozen=True)
class Format:
    """What a file format can hold."""

    name: str
    max_side: int
    alpha: bool = True
    deep: bool = False  # 16 bits a sample
    profile: bool = True
    seeks: bool = False  # the encoder goes back in the file
    max_metadata: int = 1 << 30  # bytes of XMP; 0 where there is no place for it


_JPEG = Format("JPEG", 65_500, alpha=False, max_metadata=65_502)
_PNG = Format("PNG", 2**31 - 1, deep=True)
_WEBP = Format("WEBP", 16_383)
_AVIF = Format("AVIF", 65_535)
_TIFF = Format("TIFF", 2**31 - 1, deep=True, seeks=True)
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


@dataclass(frozen=True)
class Encoding:
    """How a picture becomes a file, and what the file says beside the pixels."""

    quality: int = 95
    chroma: Chroma = "4:4:4"
    xmp: bytes | None = None
    kept: Metadata = NOTHING


def encode(
    file: BinaryIO, kind: Format, parts: Iterable[Samples], layout: Layout, how: Encoding
) -> None:
    """Write rows of h W C, in order from the top, to an open file.

    PNG and TIFF take them as they come; for the other formats the picture is gathered first.
    """
    profile = how.kept.profile or srgb_profile()
    if kind.name in ("PNG", "TIFF"):
        write = write_png if kind.name == "PNG" else write_tiff
        write(file, parts, layout, profile=profile, xmp=how.xmp, kept=how.kept)
        return
    image = _gather(parts, layout)
    options: dict[str, Any] = {"icc_profile": profile} if kind.profile else {}
    match kind.name:
        case "JPEG":
            options |= {"quality": how.quality, "subsampling": how.chroma, "xmp": how.xmp or b""}
            options |= {"exif": exif_of(how.kept) or b"", "dpi": _whole(how.kept.dpi)}
        case "WEBP":
            options |= {"quality": how.quality, "lossless": how.quality == 100, "exact": True}
            options |= {"xmp": how.xmp or b"", "exif": exif_of(how.kept, dpi=True) or b""}
        case "AVIF":
            options |= {"quality": how.quality, "subsampling": how.chroma, "speed": 9}
            options |= {"xmp": how.xmp or b"", "exif": exif_of(how.kept, dpi=True) or b""}
        case "BMP":
            options |= {"dpi": _whole(how.kept.dpi)}
        case "GIF":
            image, transparent = _to_palette(image)
            options |= {} if transparent is None else {"transparency": transparent}
    image.save(cast(BinaryIO, _WriteOnly(file)), format=kind.name, **options)


class _WriteOnly:
    """Hides the file's descriptor, past which Pillow loses the reason when a disk is full."""

    def __init__(self, file: BinaryIO) -> None:
        self.write = file.write


def _gather(parts: Iterable[Samples], layout: Layout) -> Image.Image:
    image = Image.new("RGB" if layout.channels == 3 else "RGBA", (layout.width, layout.height))
    top = 0
    for part in parts:
        image.paste(Image.fromarray(np.ascontiguousarray(part)), (0, top))
        top += len(part)
    return image


def _whole(dpi: tuple[float, float] | None) -> tuple[int, int]:
    """Return dots an inch as JPEG and BMP hold them; 0 is unknown."""
    across, down = (min(round(value), 65_535) for value in dpi or (0, 0))
    return across, down


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
