"""What a palette in a request means: colors, and names of styles for theirs; never a path."""

import re
from collections.abc import Sequence

from impasto.catalog.palette import parse_color
from impasto.errors import SettingError, UnknownStyle, did_you_mean
from impasto.styles.gallery import find, names

MOST = 64  # words of a palette
_LONGEST = 60  # letters of a word


def colors_of(palette: Sequence[str]) -> tuple[str, ...]:
    """Return the colors of palette words as ``#rrggbb``: CSS colors, or names of the gallery.

    Raises SettingError or UnknownStyle with the closest name.

    >>> colors_of(["navy, gold"])
    ('#000080', '#ffd700')
    """
    words = [part.strip() for word in palette for part in split(word)]
    if len(words) > MOST:
        raise SettingError(f"A palette has at most {MOST} colors or styles, got {len(words)}.")
    return tuple(color for word in words if word for color in _colors(word[:_LONGEST]))


def split(word: str) -> list[str]:
    """Return the parts of a palette word between commas, but for those within ``rgb(1, 2, 3)``."""
    return re.split(r",(?![^(]*\))", word)


def _colors(word: str) -> list[str]:
    if "-" not in word:  # every style's name has a hyphen, and no color
        red, green, blue = (round(255 * float(value)) for value in parse_color(word))
        return [f"#{red:02x}{green:02x}{blue:02x}"]
    known = names()
    if word not in known:
        raise UnknownStyle(
            f'There is no style "{word}".{did_you_mean(word, known)} /v1/styles lists them.'
        )
    colors = [color for color, _ in find(word).card.palette]
    if not colors:
        raise SettingError(f'The style "{word}" has no palette in its card. Give colors instead.')
    return colors
