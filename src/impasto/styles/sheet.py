"""The gallery as one picture: the preview of every style, with its name."""

from pathlib import Path

import numpy as np

from impasto.images.resize import FloatPicture
from impasto.images.sheet import contact_sheet
from impasto.images.sink import create_picture
from impasto.images.source import open_picture
from impasto.images.window import Strip
from impasto.provenance.disclosure import disclosure
from impasto.styles.gallery import preview_path, styles
from impasto.styles.style import Style
from impasto.version import __version__

SIDE = 256


def write_sheet(path: Path, *, overwrite: bool = False) -> None:
    """Write a picture of all styles; raise OutputError where it cannot be written."""
    page = contact_sheet(
        [(style.name, _preview(style)) for style in styles()], columns=8, side=SIDE
    )
    height, width = page.shape[:2]
    signed = disclosure({"method": "contact sheet"}, version=__version__)
    sink = create_picture(path, height, width, overwrite=overwrite, metadata=signed)
    sink.write([Strip(page)])


def _preview(style: Style) -> FloatPicture:
    path = preview_path(style.name)
    return _bands(style) if path is None else open_picture(path).thumbnail(SIDE)


def _bands(style: Style) -> FloatPicture:
    """Return the palette as bands, for a style that has no preview."""
    colors = [color for color, _ in style.card.palette] or ["#d0d0d0"]
    values = [[int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)] for color in colors]
    across = np.arange(SIDE) * len(colors) // SIDE
    return np.tile(np.array(values, np.float32)[across], (SIDE, 1, 1))
