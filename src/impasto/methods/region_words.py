"""What ``--region MASK=STYLE`` and ``--select PLACE`` mean for a picture."""

from typing import Protocol

from impasto.errors import UsageError
from impasto.images.mask_words import mask_of
from impasto.images.select import parse_place, select
from impasto.images.source import Source
from impasto.methods.base import Region
from impasto.settings.picture import PictureSettings
from impasto.styles.style import Style
from impasto.styles.words import StyleWord, Words, kind_of, parse_word

PHOTO = "photo"  # the style of a region that is left as it is


class OpensStyles(Protocol):
    """A method that tells what style words mean to it."""

    def style(self, words: Words) -> Style:
        """Return the one style that a style word means, or several together."""


def regions_from(settings: PictureSettings, stylizer: OpensStyles, source: Source) -> list[Region]:
    """Return the regions of a picture; `source` is the whole picture, as places are meant in it.

    Raises UsageError for words that mean nothing, PictureError for a mask that cannot be read.
    """
    regions = []
    for text in settings.region:
        mask, word = split_region(text)
        style = None if word.name == PHOTO else stylizer.style([word.name])
        feathered = mask_of(mask, source).feathered(settings.feather)
        regions.append(Region(feathered, style, word.weight))
    if settings.select:
        chosen = select(source, [parse_place(text) for text in settings.select])
        regions.append(Region(chosen.feathered(settings.feather).inverted(), None))
    return regions


def split_region(text: str) -> tuple[str, StyleWord]:
    """Return the mask and the style of ``MASK=STYLE[:WEIGHT]``.

    Paths may hold a "=": what stands behind the last one that leaves a known style is the style;
    or behind the last, for there are models with styles of their own. Whether it is one, the method
    says.
    """
    places = [i for i, letter in enumerate(text) if letter == "="]
    if not places:
        raise UsageError(
            f'The region "{text}" needs a mask and a style: --region MASK=STYLE, '
            "as in --region sky.png=starry-night"
        )
    place = next((i for i in reversed(places) if _is_style(text[i + 1 :])), places[-1])
    word = parse_word(text[place + 1 :])
    if not 0 <= word.weight <= 1:
        raise UsageError(f"The weight of a region must be between 0 and 1, got {word.weight:g}.")
    return text[:place], word


def _is_style(text: str) -> bool:
    try:
        name = parse_word(text).name
        return name == PHOTO or bool(kind_of(name))
    except UsageError:
        return False
