"""Style cards (``style-card/1``): who made a style's picture, when, and who may use it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from impasto.errors import ModelError

SCHEMA = "style-card/1"

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_HEX = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True)
class StyleCard:
    """What is known about a style; everything but the name may stay empty.

    >>> card = StyleCard("great-wave", title="The Great Wave", artist="Hokusai", artist_died=1849)
    >>> StyleCard.from_json(card.to_json()) == card
    True
    """

    name: str  # kebab-case, what the user types
    title: str = ""
    artist: str = ""
    artist_died: int | None = None
    year: str = ""  # text, for "about 1830" is a year too
    tradition: str = ""  # instead of an artist, for anonymous work
    collection: str = ""
    licence: str = ""
    source: str = ""  # where the picture was taken from
    palette: tuple[tuple[str, float], ...] = ()  # hex and share, largest first
    medium: str = ""
    school: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)  # fields of later versions, kept

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not _NAME.fullmatch(self.name):
            raise ModelError(
                f"A style cannot be named {self.name!r}. "
                "Use lower-case letters, digits and hyphens: starry-night"
            )
        for text in _TEXTS:
            self._check(text, isinstance(getattr(self, text), str), "text")
        died = self.artist_died
        whole = isinstance(died, int) and not isinstance(died, bool)
        self._check("artist_died", died is None or whole, "a year or null")
        self._check("palette", all(map(_is_color, self.palette)), "[hex, share] pairs")
        object.__setattr__(self, "palette", tuple((h, float(s)) for h, s in self.palette))

    def to_json(self) -> str:
        """Return the card as JSON text, without the empty fields."""
        known = {name: value for name in _KNOWN if (value := getattr(self, name)) not in ("", ())}
        return json.dumps({"schema": SCHEMA, **known, **self.extra}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str | bytes) -> "StyleCard":
        """Return the card of a JSON text; ModelError says what is wrong with it."""
        try:
            values = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ModelError("The style card is not JSON. Make the style file again.") from error
        schema = values.get("schema") if isinstance(values, dict) else None
        if schema != SCHEMA:
            raise ModelError(
                f"The style card is of schema {schema!r}, only {SCHEMA!r} can be read. "
                "Update Impasto, or make the style file again."
            )
        if "name" not in values:
            raise ModelError("The style card has no name. Make the style file again.")
        known = {name: values[name] for name in _KNOWN if name in values}
        extra = {key: values[key] for key in values if key not in (*_KNOWN, "schema")}
        if not isinstance(known.get("palette", []), list | tuple):
            raise ModelError(_wrong(str(known["name"]), "palette", "[hex, share] pairs"))
        return cls(**known, extra=extra)

    def _check(self, name: str, right: bool, allowed: str) -> None:
        if not right:
            raise ModelError(_wrong(self.name, name, allowed))


def _wrong(card: str, name: str, allowed: str) -> str:
    return f'In the style card of "{card}", "{name}" must be {allowed}. Correct it.'


def _is_color(entry: object) -> bool:
    if not isinstance(entry, list | tuple) or len(entry) != 2:
        return False
    color, share = entry
    number = isinstance(share, int | float) and not isinstance(share, bool)
    return isinstance(color, str) and bool(_HEX.fullmatch(color)) and number and 0 <= share <= 1


_KNOWN = tuple(entry.name for entry in fields(StyleCard) if entry.name != "extra")
_TEXTS = tuple(name for name in _KNOWN if name not in ("name", "artist_died", "palette"))
