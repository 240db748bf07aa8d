"""What a client's words mean: styles, palettes and models by name. No word is ever a path."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from impasto.catalog.palette import parse_color
from impasto.errors import SettingError, UnknownStyle, UsageError, did_you_mean
from impasto.images.guard import kind_of
from impasto.methods.fast import AnyStyle, FastStylizer
from impasto.styles.gallery import find, names
from impasto.styles.style import Style, mix
from impasto.styles.words import StyleWord
from impasto.weights.models import named_models

ASSET = "asset:"
MOST = 16  # styles in one picture, and words of a palette
_NUMBER = r"(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
_WORD = re.compile(
    rf"(?P<name>asset:[0-9a-f]{{64}}|[a-z0-9]+(-[a-z0-9]+)*)(:(?P<weight>{_NUMBER}))?"
)
_HEAD = 32  # bytes that tell a picture's format


def parse(text: str) -> StyleWord:
    """Return name and weight of ``NAME[:WEIGHT]`` or ``asset:SHA256[:WEIGHT]``.

    Raises UnknownStyle for anything else.

    >>> parse("great-wave:0.6")
    StyleWord(name='great-wave', weight=0.6)
    """
    found = _WORD.fullmatch(text) if len(text) <= 200 else None
    if found is None:
        raise UnknownStyle(
            f'"{text[:60]}" is no style. Give a name as "starry-night", or "asset:SHA256" for a '
            'painting that was uploaded; with a weight as "starry-night:0.5".'
        )
    return StyleWord(found["name"], float(found["weight"] or 1))


def words_of(style: str | Sequence[str]) -> tuple[str, ...]:
    """Return the words of a request, one or several, as a tuple."""
    return (style,) if isinstance(style, str) else tuple(style)


def assets_in(words: Iterable[str]) -> list[str]:
    """Return the assets that style words name, by their ids."""
    return [
        word.name.removeprefix(ASSET) for word in map(parse, words) if word.name.startswith(ASSET)
    ]


def style_of(
    stylizer: FastStylizer, words: str | Sequence[str], inputs: Mapping[str, Path]
) -> Style:
    """Return the one style that words mean together to a model.

    Args:
        inputs: the files of uploaded paintings and own styles by their asset's id.

    Raises:
        UnknownStyle: with the closest name; UsageError for weights that are all 0, or no style.
        PictureError, ModelError, EncoderMismatch: for a file that cannot be used.
    """
    parsed = [parse(word) for word in words_of(words)]
    if len(parsed) > MOST:
        raise UsageError(f"A picture has at most {MOST} styles, got {len(parsed)}.")
    if not isinstance(stylizer, AnyStyle):
        return stylizer.style([f"{word.name}:{word.weight!r}" for word in parsed])
    if not parsed:
        raise UsageError('Which style? Give a name, as "starry-night".')
    found = [_style(stylizer, word.name, inputs) for word in parsed]
    return mix(found, [word.weight for word in parsed])


def _style(stylizer: FastStylizer, name: str, inputs: Mapping[str, Path]) -> Style:
    if not name.startswith(ASSET):
        return named(name)
    id = name.removeprefix(ASSET)
    if id not in inputs:
        raise UnknownStyle(f'There is no asset "{id}". Upload the painting to /v1/assets first.')
    return style_of_file(stylizer, inputs[id])


def named(name: str) -> Style:
    """Return a style of the gallery; raise UnknownStyle with the closest name."""
    known = names()
    if name not in known:
        raise UnknownStyle(
            f'There is no style "{name}".{did_you_mean(name, known)} /v1/styles lists them.'
        )
    return find(name)


@lru_cache(128)
def style_of_file(stylizer: FastStylizer, path: Path) -> Style:
    """Return the style of a painting or ``.style`` file, the same as before when asked again.

    The file must not change: it lies under the hash of its bytes. A painting is seen once and not
    kept in memory. Raises PictureError, ModelError or EncoderMismatch.
    """
    with path.open("rb") as file:
        is_picture = kind_of(file.read(_HEAD)) is not None
    if is_picture:
        return replace(stylizer.style_of(path, f"painting-{path.name[:8]}"), painting=None)
    style = Style.load(path)
    stylizer.check(style)
    return style


def colors_of(palette: Sequence[str]) -> tuple[str, ...]:
    """Return the colors of palette words as ``#rrggbb``: CSS colors, or the names of styles.

    Raises SettingError or UnknownStyle with the closest name.
    """
    words = [part.strip() for word in palette for part in re.split(r",(?![^(]*\))", word)]
    if len(words) > MOST:
        raise SettingError(f"A palette has at most {MOST} colors or styles, got {len(words)}.")
    return tuple(color for word in words if word for color in _colors(word))


def _colors(word: str) -> list[str]:
    if "-" not in word:  # every style's name has a hyphen, and no color
        return [_hex(word)]
    colors = [color for color, _ in named(word).card.palette]
    if not colors:
        raise SettingError(f'The style "{word}" has no palette in its card. Give colors instead.')
    return colors


def _hex(word: str) -> str:
    red, green, blue = (round(255 * float(value)) for value in parse_color(word[:60]))
    return f"#{red:02x}{green:02x}{blue:02x}"


def model_of(name: str | None) -> Path | None:
    """Return the folder of a model by its name, or None for the painter.

    Raises UsageError with the closest name.
    """
    if name is None:
        return None
    known = named_models()
    if name not in known:
        hint = did_you_mean(name[:60], known)
        raise UsageError(f'There is no model "{name[:60]}".{hint} /v1/models lists them.')
    return known[name]
