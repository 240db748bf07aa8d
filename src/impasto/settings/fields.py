"""One setting: its help, range and choices, kept beside the field and checked in one place."""

import dataclasses
import math
import numbers
import types
import typing
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from impasto.errors import SettingError, did_you_mean

FIELDS = "__dataclass_fields__"
KEY = "impasto"  # our corner of a field's metadata
KINDS = (bool, int, float, str, Path)


@dataclass(frozen=True)
class Setting:
    """What is known of one setting: enough for a flag, a JSON schema or a control on a page."""

    name: str
    flag: str
    kind: type  # bool, int, float, str or Path; of each item where `many`
    help: str
    default: Any
    optional: bool  # None is allowed
    many: bool  # a tuple of values
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""
    choices: tuple[str, ...] | None = None


def setting(
    default: Any,
    help: str,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    unit: str = "",
    choices: Iterable[str] | None = None,
    flag: str | None = None,
) -> Any:
    """Return a dataclass field with a help text; the flag is ``--name-of-the-field`` if not given.

    The type is one of bool, int, float, str, Path, a Literal of texts, any of these with
    ``| None``, or a tuple of any length of them.
    """
    known = {
        "help": help,
        "minimum": minimum,
        "maximum": maximum,
        "unit": unit,
        "choices": None if choices is None else tuple(choices),
        "flag": flag,
    }
    return dataclasses.field(default=default, metadata={KEY: known})


def again(cls: type, name: str, default: Any) -> Any:
    """Return the field of a base class with another default, for a dataclass that inherits it."""
    return dataclasses.field(default=default, metadata=getattr(cls, FIELDS)[name].metadata)


def settings_of(cls: type) -> tuple[Setting, ...]:
    """Return the settings of a dataclass, its own before those of its bases, nearest bases first.

    >>> @dataclass(frozen=True)
    ... class Drawing:
    ...     line_width: float = setting(1.0, "Width of a line.", minimum=0, unit="px")
    >>> settings_of(Drawing)[0].flag
    '--line-width'
    """
    return _found(cls)


@cache  # every instance is checked by them
def _found(cls: Any) -> tuple[Setting, ...]:
    hints = typing.get_type_hints(cls)
    fields = [field for field in dataclasses.fields(cls) if KEY in field.metadata]
    bases = [base.__dict__.get(FIELDS, ()) for base in cls.__mro__]
    fields.sort(key=lambda field: max(i for i, names in enumerate(bases) if field.name in names))
    return tuple(_describe(field, hints[field.name]) for field in fields)


def _describe(field: "dataclasses.Field[Any]", hint: Any) -> Setting:
    known = dict(field.metadata[KEY])
    optional, hint = _without_none(hint)
    many = typing.get_origin(hint) is tuple
    if many:
        hint = typing.get_args(hint)[0]
    if typing.get_origin(hint) is Literal:
        known["choices"], hint = typing.get_args(hint), str
    if hint not in KINDS:
        raise TypeError(f"setting {field.name} has a type that settings do not know: {hint}")
    known["flag"] = known["flag"] or "--" + field.name.replace("_", "-")
    return Setting(
        name=field.name, kind=hint, optional=optional, many=many, default=field.default, **known
    )


def _without_none(hint: Any) -> tuple[bool, Any]:
    if typing.get_origin(hint) not in (types.UnionType, typing.Union):
        return False, hint
    others = [one for one in typing.get_args(hint) if one is not type(None)]
    if len(others) != 1:
        raise TypeError(f"settings do not know the type {hint}")
    return True, others[0]


def check(instance: Any) -> None:
    """Check every setting of a dataclass instance; for its ``__post_init__``.

    Values are put into their declared kind (an int becomes a float where a float is declared).
    Raises SettingError, which names the option as the user types it.
    """
    for one in settings_of(type(instance)):
        value = getattr(instance, one.name)
        object.__setattr__(instance, one.name, _checked(one, value))


def _checked(one: Setting, value: Any) -> Any:
    if value is None:
        if one.optional:
            return None
        raise SettingError(f"{one.flag} needs a value: {allowed(one)}")
    if not one.many:
        return _checked_item(one, value)
    if isinstance(value, str | Path) or not isinstance(value, Iterable):
        value = (value,)
    return tuple(_checked_item(one, item) for item in value)


def _checked_item(one: Setting, value: Any) -> Any:
    value = _of_kind(one, value)
    if one.choices is not None and value not in one.choices:
        hint = did_you_mean(value, one.choices)
        raise SettingError(f'{one.flag} must be {allowed(one)}, got "{value}".{hint}')
    too_low = one.minimum is not None and value < one.minimum
    too_high = one.maximum is not None and value > one.maximum
    if too_low or too_high:
        raise SettingError(f"{one.flag} must be {allowed(one)}, got {value:g}")
    return value


def _of_kind(one: Setting, value: Any) -> Any:
    if one.choices is not None and str(value) in one.choices:
        return str(value)  # 16 for "16"
    right: bool
    if one.kind is bool:
        right = isinstance(value, bool)
    elif one.kind is int:
        right = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    elif one.kind is float:
        right = isinstance(value, numbers.Real) and not isinstance(value, bool)
        right = right and math.isfinite(value)
    else:
        right = isinstance(value, str | Path if one.kind is Path else str)
    if not right:
        raise SettingError(f"{one.flag} must be {allowed(one)}, got {value!r}")
    return one.kind(value)


def allowed(one: Setting) -> str:
    """Say in words which values a setting takes.

    >>> allowed(Setting("size", "--size", int, "", 1, False, False, minimum=8, unit="pixels"))
    'a whole number of at least 8 pixels'
    """
    if one.choices is not None:
        return "one of " + ", ".join(one.choices)
    names = {bool: "true or false", int: "a whole number", float: "a number"}
    words = names.get(one.kind, "a path" if one.kind is Path else "a text")
    low, high = one.minimum, one.maximum
    unit = f" {one.unit}" if one.unit else ""
    if low is not None and high is not None:
        between = f"between {low:g} and {high:g}{unit}"
        return between if one.kind is float else f"{words} {between}"
    if low is not None:
        return f"{words} of at least {low:g}{unit}"
    if high is not None:
        return f"{words} of at most {high:g}{unit}"
    return words
