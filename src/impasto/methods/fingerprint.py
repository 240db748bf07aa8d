"""A short name for everything that a painting follows from, but for the photo and the model."""

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from impasto.errors import UsageError
from impasto.images.mask_words import NOT
from impasto.methods.region_words import split_region
from impasto.settings.picture import PictureSettings
from impasto.settings.schema import to_mapping
from impasto.styles.style import Style
from impasto.weights.files import sha256_of

# How a painting is computed, not which one it is; and the style's words, for its vector counts.
LEFT_OUT = (
    "engine",
    "device",
    "threads",
    "workers",
    "precision",
    "max_pixels",
    "style",
    "block",
    "save_every",
)


def fingerprint(style: Style, settings: PictureSettings) -> str:
    """Return 32 hexadecimal digits that change with the style's vector, the settings, and files.

    Files are those that the settings name: masks, styles of regions, pictures of palettes.
    """
    known = {key: value for key, value in to_mapping(settings).items() if key not in LEFT_OUT}
    digest = hashlib.sha256(json.dumps(known, sort_keys=True).encode("utf-8", "surrogateescape"))
    digest.update(_of(style))
    for path in _files(settings):
        digest.update(sha256_of(path).encode())
    return digest.hexdigest()[:32]


def _of(style: Style) -> bytes:
    """Return what a style is made of; one opened for an optimiser has parts, not a vector."""
    if style.vector.size:
        return style.vector.tobytes()
    return repr([(share, one.sha256) for share, one in style.each]).encode()


def _files(settings: PictureSettings) -> Iterator[Path]:
    words = list(settings.palette)
    for text in settings.region:
        try:
            mask, style = split_region(text)
        except UsageError:  # the painter itself says so
            continue
        for sign in NOT:
            mask = mask.removeprefix(sign)
        words += [mask, style.name]
    yield from (Path(word) for word in words if os.path.isfile(word))
