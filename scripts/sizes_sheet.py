"""Draw docs/sizes.jpg: strokes at 3840 pixels, reduced and at 100 %, and print their likeness."""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from skimage import data
from skimage.metrics import structural_similarity

from impasto.images.resample import BICUBIC, read_scaled
from impasto.images.resize import resize
from impasto.images.samples import to_samples
from impasto.images.scale import Scaled
from impasto.images.source import ArraySource, Source, open_picture
from impasto.images.window import Window, whole
from impasto.methods.base import Pixels
from impasto.methods.fast import FastStylizer
from impasto.methods.strokes import WORKING, Strokes

STYLES = ("starry-night", "great-wave")
HEIGHT, WIDTH = 2560, 3840
SHOWN = 300  # side of every picture on the sheet
CROP = Window(top=1150, left=800, height=SHOWN, width=SHOWN)


def photo() -> Source:
    """Return the coffee photo at 3840 x 2560, with the grain that such a photo would have."""
    large = Scaled(open_picture(Path(data.__file__).parent / "coffee.png"), HEIGHT, WIDTH)
    grain = np.random.default_rng(0).normal(0, 4, (HEIGHT, WIDTH, 1))
    pixels = large.read(whole(HEIGHT, WIDTH)) + grain
    return ArraySource("coffee", to_samples(pixels / 255, 8))


def paintings(stylizer: FastStylizer, source: Source, name: str) -> dict[str, Pixels]:
    """Return the preview, and the full size painted in three ways."""
    style, everything = stylizer.style([name]), whole(HEIGHT, WIDTH)

    def paint(picture: Source, strokes: str) -> Pixels:
        painter = Strokes(stylizer, strokes).prepare(picture, style)
        return painter.paint(whole(picture.height, picture.width))

    small = ArraySource("preview", to_samples(source.thumbnail(WORKING), 8))
    preview = paint(small, "native")
    size = preview.shape[0], preview.shape[1]
    enlarged = read_scaled(lambda w: preview[w.slices], *size, (HEIGHT, WIDTH), everything, BICUBIC)
    return {
        "preview, 512": preview,
        "native": paint(source, "native"),
        "preview, only enlarged": np.clip(enlarged, 0, 1),
        "relative": paint(source, "relative"),
    }


def main() -> None:
    """Read the command line, write the sheet, print the likeness."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=Path)
    output = parser.parse_args().output
    stylizer, source = FastStylizer.open(), photo()
    low = SHOWN * HEIGHT // WIDTH
    canvas = Image.new("RGB", (4 * SHOWN, len(STYLES) * (low + SHOWN) + 16), "white")
    draw, font = ImageDraw.Draw(canvas), ImageFont.load_default(11)
    for row, name in enumerate(STYLES):
        found = paintings(stylizer, source, name)
        preview, top = found["preview, 512"], 16 + row * (low + SHOWN)
        for column, (label, painting) in enumerate(found.items()):
            draw.text((column * SHOWN + 2, 2), label, "black", font)
            canvas.paste(image(resize(painting, low, SHOWN)), (column * SHOWN, top))
            if painting is not preview:
                canvas.paste(image(painting[CROP.slices]), (column * SHOWN, top + low))
                likeness = structural_similarity(  # type: ignore[no-untyped-call]
                    resize(painting, *preview.shape[:2]), preview, channel_axis=2, data_range=1
                )
                print(f"{name}, {label}: SSIM with the preview {likeness:.3f}", flush=True)
    canvas.save(output, quality=82)


def image(pixels: Pixels) -> Image.Image:
    """Return floats as a picture."""
    return Image.fromarray(to_samples(pixels, 8))


if __name__ == "__main__":
    main()
