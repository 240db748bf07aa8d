"""What ``--palette X`` means: colors, a picture, or the palette of a style."""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from impasto.catalog.palette import palette, parse_color
from impasto.errors import SettingError, UsageError
from impasto.images.color import FloatArray
from impasto.images.source import open_picture
from impasto.styles.gallery import find, names
from impasto.styles.style import Style
from impasto.styles.words import PICTURE_SUFFIXES, STYLE_SUFFIX, kind_of

LONG_SIDE = 512  # colors need no more


@dataclass(frozen=True, eq=False)
class Palette:
    """Colors to draw a painting to: a few, or all those of a picture."""

    colors: FloatArray  # N 3, sRGB in [0, 1]
    picture: bool = False


def parse_palette(words: Sequence[str]) -> Palette:
    """Return the palette that words mean together.

    A word is a picture, a gallery name, a ``.style`` file, or colors between commas: CSS names,
    ``#rrggbb``, ``rgb(...)``. One picture alone gives all its colors; beside other words it gives
    its main ones. Raises UsageError or PictureError, with the closest name.
    """
    parts = [part for word in words for part in _split(word)]
    if not parts:
        raise SettingError(
            "--palette is empty. Give colors, a picture or a style: --palette navy,gold"
        )
    if len(parts) == 1 and _named(parts[0]) and kind_of(parts[0]) == "picture":
        return Palette(open_picture(parts[0]).thumbnail(LONG_SIDE).reshape(-1, 3), picture=True)
    return Palette(np.array([color for part in parts for color in _colors(part)], np.float32))


def _split(word: str) -> Iterator[str]:
    """Split at commas, but neither a path that has some nor within ``rgb(1, 2, 3)``."""
    parts = [word] if os.path.isfile(word) else re.split(r",(?![^(]*\))", word)
    return (part.strip() for part in parts if part.strip())


def _named(part: str) -> bool:
    """Say whether a word means a style or a file rather than a color."""
    suffixes = (STYLE_SUFFIX, *PICTURE_SUFFIXES)
    looks = part.lower().endswith(suffixes) or "/" in part
    return looks or part in names() or os.path.exists(part)


def _colors(part: str) -> list[FloatArray]:
    if not _named(part):
        return [_color(part)]
    kind = kind_of(part)
    if kind == "picture":
        return [parse_color(name) for name, _ in palette(open_picture(part).thumbnail(LONG_SIDE))]
    card = (find(part) if kind == "gallery" else Style.load(Path(part))).card
    if not card.palette:
        raise UsageError(f'The style "{part}" has no palette in its card. Give colors instead.')
    return [parse_color(name) for name, _ in card.palette]


def _color(part: str) -> FloatArray:
    """Return a color; a word that is none may be a style that was typed wrongly."""
    try:
        return parse_color(part)
    except SettingError:
        if "-" in part:  # every gallery name has a hyphen, and no color
            kind_of(part)
        raise
