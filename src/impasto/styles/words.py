"""What ``--style X`` means: a painting, a style file, a gallery name, each with a weight or not."""

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from impasto.errors import UnknownStyle, UsageError, did_you_mean
from impasto.styles.gallery import find, names
from impasto.styles.style import Style, mix

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


def words_of(style: Words, *, optional: bool = False) -> tuple[str, ...]:
    """Return one style word or several as a tuple of texts; UsageError for none, or another type.

    None are allowed where they are optional, as for a model of a single style.

    >>> words_of("great-wave:0.6")
    ('great-wave:0.6',)
    """
    several = (style,) if isinstance(style, str | Path) else style
    if not isinstance(several, list | tuple) or not all(isinstance(w, str | Path) for w in several):
        raise UsageError(
            f"A style cannot be made of {type(style).__name__}. "
            "Give a gallery name, a path of a painting or .style file, several of them, or a Style."
        )
    if not several and not optional:
        raise UsageError("Which style? Give a gallery name, a painting or a .style file.")
    return tuple(str(word) for word in several)


def open_styles(words: Words, style_of: Callable[[Path], Style], encoder_id: str = "") -> Style:
    """Return the one style that a style word means, or several together: paths, names, weights.

    Args:
        words: a gallery name, a painting or a ``.style`` file, or several, each with a weight.
        style_of: makes a style of a painting.
        encoder_id: the style encoder whose vectors are wanted; "" takes every style.

    Raises:
        UnknownStyle: with the closest name.
        PictureError, ModelError: for a file that cannot be read, EncoderMismatch for a vector of
            another encoder.
        UsageError: for weights that are negative or all 0.
    """
    parsed = [parse_word(word) for word in words_of(words)]
    found = [_open(word.name, style_of) for word in parsed]
    for style in found if encoder_id else ():  # before mixing, so that the right one is named
        style.check_encoder(encoder_id)
    return mix(found, [word.weight for word in parsed])


def _open(name: str, style_of: Callable[[Path], Style]) -> Style:
    kind = kind_of(name)
    if kind == "picture":
        return style_of(Path(name))
    return find(name) if kind == "gallery" else Style.load(Path(name))


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


def kebab(text: str) -> str:
    """Return a text as a style name.

    >>> kebab("My Painting (1)")
    'my-painting-1'
    """
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in text.lower()).split()
    return "-".join(words) or "painting"


def _siblings(path: Path) -> list[Path]:
    try:
        return [p for p in path.parent.iterdir() if p.is_file()]
    except OSError:
        return []
