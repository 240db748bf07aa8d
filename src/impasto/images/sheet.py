"""A contact sheet: many small pictures with their names on one page."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from impasto.images.resize import FloatPicture, fit_long_side, resize
from impasto.images.transparency import Bytes

MARGIN = 10
CAPTION = 24  # height of a line of text
SIDE_CAPTION = 60  # width of a name beside a row
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
    cells = [(name, _fit(picture, side)) for name, picture in pictures]
    rows = [cells[start : start + columns] for start in range(0, len(cells), columns)]
    heights = [max(small.height for _, small in row) for row in rows]
    width = columns * (side + MARGIN) + MARGIN
    page = Image.new(
        "RGB", (width, sum(heights) + len(rows) * (CAPTION + MARGIN) + MARGIN), "white"
    )
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(15)
    top = MARGIN
    for row, height in zip(rows, heights, strict=True):
        for number, (name, small) in enumerate(row):
            middle = MARGIN + number * (side + MARGIN) + side // 2
            page.paste(small, (middle - small.width // 2, top + (height - small.height) // 2))
            draw.text((middle, top + height + 3), name, fill=INK, font=font, anchor="ma")
        top += height + CAPTION + MARGIN
    return np.asarray(page)


def grid_size(height: int, width: int, rows: int, columns: int) -> tuple[int, int]:
    """Return height and width of a grid of so many pictures of this size.

    >>> grid_size(100, 200, 2, 1)
    (254, 280)
    """
    return (
        CAPTION + MARGIN + rows * (height + MARGIN),
        SIDE_CAPTION + MARGIN + columns * (width + MARGIN),
    )


def grid(pictures: Sequence[Sequence[Bytes]], rows: Sequence[str], columns: Sequence[str]) -> Bytes:
    """Return a page of pictures of one size, uint8 H W 3, with a name for each row and column.

    Names that are wider than a picture are cut.
    """
    height, width = pictures[0][0].shape[:2]
    size = grid_size(height, width, len(rows), len(columns))
    page = Image.new("RGB", size[::-1], "white")
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(15)
    for down, (name, row) in enumerate(zip(rows, pictures, strict=True)):
        top = CAPTION + MARGIN + down * (height + MARGIN)
        draw.text((SIDE_CAPTION, top + height // 2), name, fill=INK, font=font, anchor="rm")
        for across, picture in enumerate(row):
            page.paste(Image.fromarray(picture), (_left(across, width), top))
    for across, name in enumerate(columns):
        while name and draw.textlength(name, font) > width:
            name = name[:-1]
        middle = _left(across, width) + width // 2
        draw.text((middle, MARGIN // 2), name, fill=INK, font=font, anchor="ma")
    return np.asarray(page)


def _left(across: int, width: int) -> int:
    return SIDE_CAPTION + MARGIN + across * (width + MARGIN)


def _fit(picture: FloatPicture, side: int) -> Image.Image:
    height, width = fit_long_side(picture.shape[0], picture.shape[1], side)
    small = resize(picture, height, width)
    return Image.fromarray(np.rint(np.clip(small, 0, 1) * 255).astype(np.uint8))
