"""What a request names must be there: said at once, not when its turn has come."""

from collections.abc import Iterator, Mapping
from typing import Any

from impasto.errors import UnknownStyle, did_you_mean
from impasto.serving.jobs.rows import ASSET
from impasto.serving.palettes import colors_of
from impasto.serving.problems import Problem
from impasto.serving.schemas.words import STYLE_MEMBERS
from impasto.styles.gallery import names
from impasto.weights.models import named_models


def check_names(request: Mapping[str, Any]) -> None:
    """Check the styles, palette and model of a request whose own styles are assets already.

    Raises UnknownStyle, SettingError or Problem with the closest name.
    """
    if palette := request.get("palette"):
        colors_of(palette)
    if model := request.get("model"):
        known = named_models()
        if model not in known:
            words = f'There is no model "{model}".{did_you_mean(model, known)}'
            raise Problem("unknown-model", f"{words} /v1/models lists them.")
        return  # its styles may be its own
    for word in style_words(request):
        check_style(word)


def check_style(word: str) -> None:
    """Raise UnknownStyle, with the closest name, for a style that is neither known nor an asset."""
    name = word.partition(":")[0]
    if not ASSET.fullmatch(word) and name not in names():
        hint = did_you_mean(name, names())
        raise UnknownStyle(f'There is no style "{name}".{hint} /v1/styles lists them.')


def style_words(request: Mapping[str, Any]) -> Iterator[str]:
    """Give all style words of a request, also those of its regions."""
    for part in (request, *(request.get("regions") or ())):
        for key in STYLE_MEMBERS:
            words = part.get(key) or ()
            yield from (words,) if isinstance(words, str) else words
