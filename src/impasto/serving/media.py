"""Formats of picture files: what HTTP calls them, and how their names end."""

from pathlib import Path

SUFFIXES = {
    "jpeg": ".jpg",
    "png": ".png",
    "webp": ".webp",
    "avif": ".avif",
    "tiff": ".tif",
    "gif": ".gif",
    "bmp": ".bmp",
}
WRITTEN = ("jpeg", "png", "webp", "avif", "tiff")  # of them, those that a painting can have
UNKNOWN = "application/octet-stream"
MEDIA_TYPES = {suffix: f"image/{name}" for name, suffix in SUFFIXES.items()} | {
    ".zip": "application/zip"
}


def media_type_of(path: Path) -> str:
    """Return what HTTP calls a file of the server's own making.

    >>> media_type_of(Path("painting.jpg"))
    'image/jpeg'
    """
    return MEDIA_TYPES.get(path.suffix, UNKNOWN)


def suffix_of(media_type: str) -> str:
    """Return how the name of a file ends.

    >>> suffix_of("image/tiff"), suffix_of("application/octet-stream")
    ('.tif', '.bin')
    """
    return {kind: suffix for suffix, kind in MEDIA_TYPES.items()}.get(media_type, ".bin")
