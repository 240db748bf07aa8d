"""A contact sheet: many small pictures with their names on one page."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from impasto.images.resize import FloatPicture, fit_long_side, resize
from impasto.images.transparency import Bytes

MARGIN = 10
CAPTION = 24  # height of a line of text
INK = (40, 40, 40)


def contact_sheet(
    pictures: Sequence[tuple[str, FloatPicture]], *, columns: int = 6, side: int = 256
) -> Bytes:
    """Return a page of pictures, each fitted into a square with its name below; uint8 H W 3.

    Args:
        pictures: names and pictures, float32 H W 3 in [0, 1], of any sizes.
        side: pixels of the square.
    """
    columns = max(1, min(columns, len(pictures)))
    rows = -(-len(pictures) // columns)
    cell = (side + MARGIN, side + MARGIN + CAPTION)
    page = Image.new("RGB", (columns * cell[0] + MARGIN, rows * cell[1] + MARGIN), "white")
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(15)
    for number, (name, picture) in enumerate(pictures):
        left = MARGIN + number % columns * cell[0]
        top = MARGIN + number // columns * cell[1]
        small = _fit(picture, side)
        page.paste(small, (left + (side - small.width) // 2, top + (side - small.height) // 2))
        draw.text((left + side / 2, top + side + 3), name, fill=INK, font=font, anchor="ma")
    return np.asarray(page)


def _fit(picture: FloatPicture, side: int) -> Image.Image:
    height, width = fit_long_side(*picture.shape[:2], side)
    small = resize(picture, height, width)
    return Image.fromarray(np.rint(np.clip(small, 0, 1) * 255).astype(np.uint8))
