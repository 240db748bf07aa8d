"""Decode large files with libvips (the extra `huge`), a few rows at a time from top to bottom.

What is read so: PNG, TIFF and JPEG, grey or RGB, 8 or 16 bits. Left to memory: pictures turned by
EXIF, interlaced PNG, palettes, CMYK, Lab, floats, channels in planes, and every other format.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from impasto.images.decode import (
    FORMATS,
    ProfileRule,
    channels,
    deep_channels,
    dpi_of,
    exif_at_hand,
    orientation,
    profiles_of,
)
from impasto.images.deep import is_deep, raw_mode
from impasto.images.guard import check_size, guarded
from impasto.images.metadata import Metadata, kept_exif
from impasto.images.profiles import is_srgb
from impasto.images.samples import Samples
from impasto.images.window import Strip

_ROWS = 64  # decoded at once; `holes` counts on it
_LOADERS = {"PNG": "pngload", "TIFF": "tiffload", "JPEG": "jpegload"}
_KINDS = {8: "uchar", 16: "ushort"}
_PLANAR, _PHOTOMETRIC = 284, 262  # tags of TIFF


@cache
def installed() -> bool:
    """Tell whether libvips can be used."""
    try:
        import pyvips  # noqa: F401
    except (ImportError, OSError):  # OSError: pyvips is there, the library is not
        return False
    return True


@dataclass(frozen=True)
class LargeFile:
    """What is known of a file before its pixels are read."""

    path: Path
    head: bytes
    format: str
    height: int
    width: int
    bands: int
    depth: int
    profile: bytes | None  # that pixels are converted from
    metadata: Metadata

    @property
    def pixels(self) -> int:
        """How many there are."""
        return self.height * self.width

    def strips(self) -> Iterator[Strip]:
        """Yield whole rows from top to bottom, sRGB or in the kept profile.

        Raises:
            Exception: anything on damaged files; for use inside the guard.
        """
        import pyvips

        load = getattr(pyvips.Image, _LOADERS[self.format])
        # Without `revalidate` a second pass would get the first one's exhausted image.
        image: Any = load(str(self.path), access="sequential", fail_on="error", revalidate=True)
        found = (image.height, image.width, image.bands, image.format)
        if found != (self.height, self.width, self.bands, _KINDS[self.depth]):
            raise ValueError("libvips and Pillow see different pictures")
        region, kind = pyvips.Region.new(image), np.dtype(f"u{self.depth // 8}")
        for top in range(0, self.height, _ROWS):
            rows = min(_ROWS, self.height - top)
            samples = np.frombuffer(region.fetch(0, top, self.width, rows), kind)
            yield self._converted(samples.reshape(rows, self.width, self.bands))

    def _converted(self, samples: Samples) -> Strip:
        if self.depth == 16:
            return Strip(*deep_channels(samples, self.profile))
        if self.bands >= 3 and is_srgb(self.profile):  # as it is: nothing to convert
            return Strip(samples[..., :3], samples[..., 3] if self.bands == 4 else None)
        flat = samples[..., 0] if self.bands == 1 else samples
        return Strip(*channels(Image.fromarray(flat), self.profile))


def open_large(path: Path, max_pixels: int, rule: ProfileRule, above: int) -> LargeFile | None:
    """Read the header of a file; None unless it has more pixels than ``above`` and can be streamed.

    Raises:
        PictureError: the header is damaged, or the picture is larger than allowed.
    """
    with path.open("rb") as file:
        head = file.read(32)
    with (
        guarded(str(path), head, max_pixels, tiff=False),
        Image.open(path, formats=FORMATS) as image,
    ):
        if image.width * image.height <= above or not _streams(image) or not installed():
            return None
        check_size(str(path), image.height, image.width, max_pixels)
        kept, profile = profiles_of(image, rule)
        return LargeFile(
            path,
            head,
            image.format or "",
            image.height,
            image.width,
            2 if raw_mode(image).startswith("LA") else len(image.getbands()),
            16 if is_deep(image) else 8,
            profile,
            Metadata(dpi_of(image.info), kept, kept_exif(image) if exif_at_hand(image) else None),
        )


def _streams(image: Image.Image) -> bool:
    """Tell whether rows of this file come in order and mean what they say."""
    if image.format not in _LOADERS or image.mode not in ("L", "LA", "RGB", "RGBA", "I;16"):
        return False
    if "transparency" in image.info or image.info.get("interlace") or orientation(image) != 1:
        return False
    tags = getattr(image, "tag_v2", {_PLANAR: 1, _PHOTOMETRIC: 2})
    if tags.get(_PLANAR, 1) != 1 or tags.get(_PHOTOMETRIC) not in (1, 2):
        return False
    return not raw_mode(image).startswith(("RGBa", "RGBX", "I;12"))
