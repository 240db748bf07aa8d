"""Make the shipped gallery from gallery.toml: encode each picture, write its style and preview.

    python scripts/build_gallery.py --data DIR

The whole gallery is made anew whenever the style encoder changes, or the embedded encoder, whose
moments of each picture the styles hold too.
"""

import argparse
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from skimage import data

from impasto.catalog.palette import palette
from impasto.features.encoder import Encoder
from impasto.features.registry import open_encoder
from impasto.images.patterns import render
from impasto.images.resize import FloatPicture, fit_long_side, resize
from impasto.images.source import open_picture
from impasto.methods.fast import SHIPPED, FastStylizer
from impasto.methods.optimize.moments import moments_of
from impasto.methods.stylize import stylize_file
from impasto.provenance.cards import StyleCard
from impasto.styles.gallery import BUILT_IN
from impasto.styles.style import Style, Vector

ENTRIES = Path(__file__).parent / "gallery.toml"
PHOTO = Path(data.__file__).parent / "chelsea.png"  # CC0, ships inside scikit-image
LONG_SIDE = 512  # what the encoder sees, as in training
PREVIEW = 256
LAST_YEAR = 1955  # of an artist's life
CARD_FIELDS = (
    "name", "title", "artist", "artist_died", "year", "tradition", "collection", "licence",
    "source", "school",
)  # fmt: skip

Entry = Mapping[str, Any]


def read_entries(path: Path = ENTRIES) -> list[Entry]:
    """Return the entries of the list; raise ValueError for one that breaks its rules."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["style"]
    names = [entry["name"] for entry in entries]
    for name in names:
        if names.count(name) > 1 or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", name):
            raise ValueError(f'"{name}" must be used once, in kebab-case with a hyphen.')
    for entry in entries:
        if ("pattern" in entry) == ("file" in entry):
            raise ValueError(f'"{entry["name"]}" needs either a file or a pattern.')
        if "file" in entry and not (
            entry["artist_died"] <= LAST_YEAR if "artist_died" in entry else "tradition" in entry
        ):
            raise ValueError(f'"{entry["name"]}": artist_died up to {LAST_YEAR}, or tradition.')
    return list(entries)


def picture_of(entry: Entry, folder: Path) -> FloatPicture:
    """Return an entry's picture, cropped, its long side at most 512; float32 H W 3."""
    if "pattern" in entry:
        return render(entry["pattern"], entry["seed"], LONG_SIDE)
    picture = open_picture(folder / entry["file"]).thumbnail(4 * LONG_SIDE)
    height, width = picture.shape[:2]
    left, top, right, bottom = entry.get("crop", (0, 0, 1, 1))
    picture = picture[
        round(top * height) : round(bottom * height), round(left * width) : round(right * width)
    ]
    return _shrink(picture, LONG_SIDE)


def encode(stylizer: FastStylizer, rgb: FloatPicture) -> Vector:
    """Return the style vector of a picture."""
    return stylizer.encode(rgb)


def style_of(
    entry: Entry, picture: FloatPicture, stylizer: FastStylizer, encoder: Encoder
) -> Style:
    """Return an entry as a style: vector, moments, facts and palette."""
    facts = {name: entry[name] for name in CARD_FIELDS if name in entry}
    extra = {"region": entry["region"]} if "region" in entry else {}
    card = StyleCard(**facts, palette=tuple(palette(picture)), extra=extra)
    moments = moments_of(open_picture(picture), encoder)
    return Style(encode(stylizer, picture), stylizer.encoder_id, card, moments)


def save(style: Style, folder: Path, photo: Path, stylizer: FastStylizer) -> None:
    """Write the style file and, beside it, what the style makes of the photo."""
    style.save(folder / f"{style.name}.style")
    preview = folder / "previews" / f"{style.name}.jpg"
    stylize_file(photo, preview, style, stylizer=stylizer, overwrite=True, size=PREVIEW, quality=85)


def _shrink(picture: FloatPicture, long_side: int) -> FloatPicture:
    height, width = picture.shape[:2]
    if max(height, width) <= long_side:
        return picture
    return resize(picture, *fit_long_side(height, width, long_side))


def build(folder: Path, model: Path, weights: Path | None, output: Path, photo: Path) -> None:
    """Write the whole gallery, and remove styles that are no longer on the list."""
    entries = read_entries()
    stylizer, encoder = FastStylizer.open(model), open_encoder(weights=weights)
    (output / "previews").mkdir(parents=True, exist_ok=True)
    for number, entry in enumerate(entries, 1):
        print(f"{number:3d}/{len(entries)} {entry['name']}", flush=True)
        style = style_of(entry, picture_of(entry, folder), stylizer, encoder)
        save(style, output, photo, stylizer)
    kept = {entry["name"] for entry in entries}
    for path in (*output.glob("*.style"), *output.glob("previews/*.jpg")):
        if path.stem not in kept:
            path.unlink()


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="where the files are")
    parser.add_argument("--model", type=Path, default=SHIPPED, help="the painter")
    parser.add_argument("--encoder", type=Path, help="weights of the embedded encoder")
    parser.add_argument("--output", type=Path, default=BUILT_IN, help="where the styles go")
    parser.add_argument("--photo", type=Path, default=PHOTO, help="what the previews show")
    options = parser.parse_args()
    build(options.data, options.model, options.encoder, options.output, options.photo)


if __name__ == "__main__":
    main()
