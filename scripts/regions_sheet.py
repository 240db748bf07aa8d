"""Draw docs/regions.jpg: regions found by pointing, painted, and their borders at 100 %."""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image
from skimage import data

from impasto.images.mask_words import mask_of
from impasto.images.masks import Mask
from impasto.images.overlay import overlay
from impasto.images.resize import FloatPicture, resize
from impasto.images.samples import to_floats, to_samples
from impasto.images.source import open_picture
from impasto.images.window import whole
from impasto.methods.base import Region, Stylizer
from impasto.methods.fast import FastStylizer
from impasto.methods.regions import Composite, KeepPhoto

PHOTOS = Path(data.__file__).parent


def painted(
    stylizer: FastStylizer, name: str, ground: str, parts: dict[str, str], height: int
) -> FloatPicture:
    """Return what was pointed at and, beside it, the painting; a style `photo` leaves the photo."""
    source = open_picture(PHOTOS / name)
    masks = [mask_of(word, source).feathered(1) for word in parts]
    styles = [None if word == "photo" else stylizer.style([word]) for word in parts.values()]
    regions = [Region(mask, style) for mask, style in zip(masks, styles, strict=True)]
    window = whole(source.height, source.width)
    painter = KeepPhoto(stylizer).prepare(source, stylizer.style([ground]), regions)
    inside = np.clip(sum(m.read(window, source.height, source.width) for m in masks), 0, 1)
    seen = overlay(to_floats(source.read(window)), inside)
    size = height, round(source.width * height / source.height)
    return np.concatenate([resize(seen, *size), resize(painter.paint(window), *size)], 1)


def borders(stylizer: FastStylizer) -> FloatPicture:
    """Return a rough ellipse without and with a feather, by pixels and inside the network."""
    source = open_picture(PHOTOS / "astronaut.png")
    rows, columns = np.mgrid[: source.height, : source.width]
    ellipse = Mask((np.hypot((rows - 110) / 95, (columns - 225) / 85) < 1).astype(np.float32))
    ground, style = (stylizer.style([name]) for name in ("great-wave", "starry-night"))
    methods: tuple[Stylizer, ...] = (Composite(stylizer), stylizer)
    crops = []
    for feather in (0, 2):
        for method in methods:
            painter = method.prepare(source, ground, [Region(ellipse.feathered(feather), style)])
            crops.append(painter.paint(whole(source.height, source.width))[10:245, 100:350])
    return np.concatenate(crops, 1)


def main() -> None:
    """Read the command line and write the sheet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=Path)
    output = parser.parse_args().output
    stylizer = FastStylizer.open()
    suit = {"330,60": "great-wave", "180,330": "the-scream"}
    cat = {"50,10,340,285": "stained-glass"}
    rows = [
        np.concatenate(
            [
                painted(stylizer, "astronaut.png", "starry-night", suit, 330),
                painted(stylizer, "chelsea.png", "ink-wash", cat, 330),
            ],
            1,
        ),
        np.concatenate(
            [
                painted(stylizer, "coffee.png", "starry-night", {"520,250": "photo"}, 230),
                painted(stylizer, "rocket.jpg", "great-wave", {"150,100": "starry-night"}, 230),
            ],
            1,
        ),
        borders(stylizer),
    ]
    width = rows[-1].shape[1]
    fitted = [resize(row, round(row.shape[0] * width / row.shape[1]), width) for row in rows]
    Image.fromarray(to_samples(np.concatenate(fitted), 8)).save(output, quality=82)


if __name__ == "__main__":
    main()
