"""Draw docs/optimize.jpg: photos of scikit-image by the painter and by optimisation, row by row."""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont, ImageOps
from skimage import data

from impasto.images.patterns import PATTERNS, render
from impasto.images.samples import to_samples
from impasto.images.source import ArraySource, open_picture
from impasto.methods.fast import FastStylizer
from impasto.methods.optimize.work import optimize
from impasto.methods.stylize import stylize
from impasto.provenance.cards import StyleCard
from impasto.styles.gallery import find
from impasto.styles.style import Style

PHOTOS = Path(data.__file__).parent
# Photo and style: a pattern of our own, seen as a painting, or a gallery name, seen by its moments.
ROWS = ("astronaut.png=starry-night", "coffee.png=oil-impasto", "motorcycle_left.png=stained-glass")
SEED = 1  # of the patterns
LABEL = 16  # pixels above the pictures for their names


def style_of(name: str, painter: FastStylizer) -> Style:
    """Return a style that both methods can paint by: a rendered pattern, or the gallery's."""
    if name not in PATTERNS:
        return find(name)
    pixels = render(name, SEED)
    painting = ArraySource(name, to_samples(pixels, 16))
    return Style(painter.encode(pixels), painter.encoder_id, StyleCard(name), painting=painting)


def shown(style: Style) -> Image.Image:
    """Return the style's picture, or its palette where the painting is not ours to show."""
    if style.painting is not None:
        return Image.fromarray(to_samples(style.painting.thumbnail(512), 8))
    stripes, left = Image.new("RGB", (512, 512)), 0.0
    total = sum(share for _, share in style.card.palette)
    for color, share in style.card.palette:
        right = left + 512 * share / total
        stripes.paste(color, (round(left), 0, round(right), 512))
        left = right
    return stripes


def row(
    words: str, side: int, painter: FastStylizer, chosen: argparse.Namespace
) -> dict[str, Image.Image]:
    """Return the pictures of a row by what they are called."""
    name, _, style_name = words.partition("=")
    style, photo = style_of(style_name, painter), open_picture(PHOTOS / name).thumbnail(side)
    pictures = {"photo": Image.fromarray(to_samples(photo, 8)), style_name: shown(style)}
    pictures["stylize"] = stylize(photo, style, stylizer=painter, strokes="native")
    for preset in ("draft", "standard"):
        pictures[f"optimize, {preset}"] = optimize(
            photo, style, preset=preset, encoder=chosen.encoder, weights=chosen.weights, size=side
        )
    return pictures


def drawn(pictures: dict[str, Image.Image], width: int) -> Image.Image:
    """Return a row as one picture, each so wide, under its name."""
    photo = pictures["photo"]
    height = round(photo.height * width / photo.width)
    canvas = Image.new("RGB", (len(pictures) * width, height + LABEL), "white")
    draw, font = ImageDraw.Draw(canvas), ImageFont.load_default(11)
    for column, (name, picture) in enumerate(pictures.items()):
        fitted = ImageOps.fit(picture, (width, height), Image.Resampling.LANCZOS)
        canvas.paste(fitted, (column * width, LABEL))
        draw.text((column * width + 3, 1), name, "black", font)
    return canvas


def main() -> None:
    """Read the command line and write the sheet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=Path)
    parser.add_argument("--rows", nargs="+", default=ROWS, metavar="PHOTO=STYLE")
    parser.add_argument("--side", type=int, default=512, help="long side that is painted")
    parser.add_argument("--shown", type=int, default=300, help="width of a picture on the sheet")
    parser.add_argument("--quality", type=int, default=78)
    parser.add_argument("--encoder", default="embedded")
    parser.add_argument("--weights", type=Path, help="of the encoder, where they are not at hand")
    chosen = parser.parse_args()
    painter = FastStylizer.open()
    rows = [drawn(row(words, chosen.side, painter, chosen), chosen.shown) for words in chosen.rows]
    sheet = np.concatenate([np.asarray(picture) for picture in rows])
    Image.fromarray(sheet).save(chosen.output, quality=chosen.quality, optimize=True)


if __name__ == "__main__":
    main()
