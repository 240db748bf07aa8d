"""What ``--style X`` means: a painting, a style file, a gallery name, each with a weight or not."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from impasto.errors import UnknownStyle, UsageError, did_you_mean
from impasto.styles.gallery import names

WEIGHT = re.compile(r"(?P<name>.+):(?P<weight>[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)")
STYLE_SUFFIX = ".style"
PICTURE_SUFFIXES = (
    ".jpg", ".jpeg", ".png", ".webp", ".avif", ".tif", ".tiff", ".bmp", ".gif"
)  # fmt: skip


Words = str | Path | Sequence[str | Path]


@dataclass(frozen=True)
class StyleWord:
    """One style as the user wrote it."""

    name: str
    weight: float = 1.0


def words_of(style: Words) -> tuple[str, ...]:
    """Return one style word or several as a tuple of texts; UsageError for none, or another type.

    >>> words_of("great-wave:0.6")
    ('great-wave:0.6',)
    """
    several = (style,) if isinstance(style, str | Path) else style
    if not isinstance(several, list | tuple) or not all(isinstance(w, str | Path) for w in several):
        raise UsageError(
            f"A style cannot be made of {type(style).__name__}. "
            "Give a gallery name, a path of a painting or .style file, several of them, or a Style."
        )
    if not several:
        raise UsageError("Which style? Give a gallery name, a painting or a .style file.")
    return tuple(str(word) for word in several)


def parse_word(text: str) -> StyleWord:
    """Split off a weight: the last colon and a number.

    >>> parse_word("great-wave:0.6")
    StyleWord(name='great-wave', weight=0.6)
    >>> parse_word("C:/paintings/mine.jpg")
    StyleWord(name='C:/paintings/mine.jpg', weight=1.0)
    """
    if not text.strip():
        raise UsageError("A style is empty. Give a gallery name, a painting or a .style file.")
    found = WEIGHT.fullmatch(text)
    # os.path has an answer for any text; Path would raise for one too long to be a name.
    if found is None or os.path.exists(text):
        return StyleWord(text)
    return StyleWord(found["name"], float(found["weight"]))


def kind_of(name: str) -> Literal["gallery", "file", "picture"]:
    """Say what a style name means; raise UnknownStyle for anything else, with the closest name.

    A gallery name comes first: a file of that name is meant by ``./NAME``.
    """
    if name in names():
        return "gallery"
    path = Path(name)
    suffix = path.suffix.lower()
    if os.path.isfile(name):
        return "file" if suffix == STYLE_SUFFIX else "picture"
    if os.path.isdir(name):
        raise UnknownStyle(
            f'"{name}" is a folder. Give a painting, a .style file or a gallery name.'
        )
    if suffix in (STYLE_SUFFIX, *PICTURE_SUFFIXES) or "/" in name:
        siblings = [str(path.parent / p.name) for p in _siblings(path)]
        raise UnknownStyle(f'There is no file "{name}".{did_you_mean(name, siblings)}')
    if name.startswith("text:") or " " in name:
        raise UnknownStyle(
            f'Described styles ("{name}") are not there yet. Choose a name from: impasto styles'
        )
    raise UnknownStyle(
        f'There is no style "{name}".{did_you_mean(name, names())} '
        "See all names with: impasto styles"
    )


def _siblings(path: Path) -> list[Path]:
    try:
        return [p for p in path.parent.iterdir() if p.is_file()]
    except OSError:
        return []
