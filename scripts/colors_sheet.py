"""Draw docs/colors.jpg: four photos, each in one style with seven controls of color."""

import argparse
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from skimage import data

from impasto.methods.stylize import stylize

PHOTOS = Path(data.__file__).parent
ROWS = {
    "astronaut.png": "starry-night",
    "chelsea.png": "great-wave",
    "coffee.png": "the-scream",
    "rocket.jpg": "seurat-circus",
}
CONTROLS: dict[str, dict[str, Any]] = {
    "": {},
    "content": {"colors": "content"},
    "match": {"colors": "match"},
    "match, 0.5": {"colors": "match", "color_strength": 0.5},
    "#1b3a6b,#f2c14e,white": {"palette": ("#1b3a6b", "#f2c14e", "white")},
    "sienna,darkgreen,beige": {"palette": ("sienna", "darkgreen", "beige")},
    "a picture: coffee": {"palette": (str(PHOTOS / "coffee.png"),)},
}
SHOWN, GAP, LABEL = 196, 10, 22


def main() -> None:
    """Read the command line and write the sheet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=Path)
    output = parser.parse_args().output
    photos = {name: Image.open(PHOTOS / name).convert("RGB") for name in ROWS}
    heights = [round(SHOWN * photo.height / photo.width) for photo in photos.values()]
    width = (1 + len(CONTROLS)) * (SHOWN + GAP) + GAP
    canvas = Image.new("RGB", (width, sum(heights) + len(ROWS) * (LABEL + GAP) + GAP), "white")
    draw, font, top = ImageDraw.Draw(canvas), ImageFont.load_default(14), GAP
    for (name, photo), height in zip(photos.items(), heights, strict=True):
        style = ROWS[name]
        cells = {"photo": photo} | {
            label or style: stylize(photo, style, **controls)
            for label, controls in CONTROLS.items()
        }
        for column, (label, picture) in enumerate(cells.items()):
            left = GAP + column * (SHOWN + GAP)
            small = picture.resize((SHOWN, height), Image.Resampling.LANCZOS)
            canvas.paste(small, (left, top))
            place = left + SHOWN // 2, top + height + LABEL // 2
            draw.text(place, label, "black", font, anchor="mm")
        top += height + LABEL + GAP
    canvas.save(output, quality=74)


if __name__ == "__main__":
    main()
