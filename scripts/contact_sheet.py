"""Draw the sheet at the top of the README, or one of another model: photos in many styles."""

import argparse
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from skimage import data

from impasto.methods.fast import FastStylizer
from impasto.methods.stylize import stylize

PHOTOS = Path(data.__file__).parent
# Photo and the square of it to show (left, top, side as shares of width, height, height).
CROPS = {
    "astronaut.png": (0.0, 0.0, 0.9),
    "chelsea.png": (0.1, 0.0, 1.0),
    "coffee.png": (0.1, 0.0, 1.0),
    "rocket.jpg": (0.15, 0.0, 1.0),
    "motorcycle_left.png": (0.15, 0.0, 1.0),
    "camera.png": (0.0, 0.0, 1.0),
}
STYLES = (
    "starry-night", "great-wave", "the-scream", "composition-vii", "olive-trees", "water-lilies",
    "roman-mosaic", "stained-glass", "halftone-comic", "ink-wash", "cross-hatching", "kilim-weave",
)  # fmt: skip


def photo(name: str, side: int) -> Image.Image:
    """Return the square of a photo, side x side pixels."""
    left, top, share = CROPS[name]
    whole = Image.open(PHOTOS / name).convert("RGB")
    width, height = whole.size
    edge = round(share * height)
    x, y = round(left * width), round(top * height)
    return whole.crop((x, y, x + edge, y + edge)).resize((side, side), Image.Resampling.LANCZOS)


def sheet(
    styles: tuple[str, ...], names: list[str], side: int, shown: int, model: str = "painter"
) -> Image.Image:
    """Return the sheet: a column of photos, then a column for each style."""
    stylizer = FastStylizer.open(model)
    photos = [photo(name, side) for name in names]
    found = [stylizer.style([style]) for style in styles]
    label = 16
    canvas = Image.new("RGB", ((len(styles) + 1) * shown, len(names) * shown + label), "white")
    draw, font = ImageDraw.Draw(canvas), ImageFont.load_default(10)
    for column, style in enumerate([None, *found]):
        for row, picture in enumerate(photos):
            painted = picture if style is None else stylize(picture, style, stylizer=stylizer)
            small = painted.resize((shown, shown), Image.Resampling.LANCZOS)
            canvas.paste(small, (column * shown, label + row * shown))
        draw.text((column * shown + 2, 2), style.name if style else "photo", "black", font)
    return canvas


def main() -> None:
    """Read the command line and write the sheet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=Path)
    parser.add_argument("--styles", nargs="+", default=STYLES, help="gallery names")
    parser.add_argument("--side", type=int, default=384, help="pixels that are painted")
    parser.add_argument("--shown", type=int, default=104, help="pixels a painting has on the sheet")
    parser.add_argument("--quality", type=int, default=72)
    parser.add_argument("--model", default="painter", help="a model folder or name")
    parser.add_argument("--columns", type=int, help="styles side by side, then a new band")
    parser.add_argument("--photos", type=int, default=len(CROPS), help="how many of them")
    options = parser.parse_args()
    names = list(CROPS)[: options.photos]
    count = options.columns or len(options.styles)
    bands = [
        sheet(tuple(some), names, options.side, options.shown, options.model)
        for some in (options.styles[i : i + count] for i in range(0, len(options.styles), count))
    ]
    height = bands[0].height
    drawn = Image.new("RGB", (bands[0].width, len(bands) * height), "white")
    for i, band in enumerate(bands):
        drawn.paste(band, (0, i * height))
    drawn.save(options.output, quality=options.quality, optimize=True)


if __name__ == "__main__":
    main()
