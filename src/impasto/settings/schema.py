"""Settings to and from other forms: texts of a command line, TOML, plain mappings, JSON schema."""

import json
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from impasto.errors import SettingError, did_you_mean
from impasto.settings.fields import Setting, allowed, settings_of

Settings = TypeVar("Settings")

JSON_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", Path: "string"}
TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def json_schema(cls: type) -> dict[str, Any]:
    """Return the JSON schema (2020-12) of a settings class; unknown keys are not allowed."""
    return {
        "title": cls.__name__,
        "type": "object",
        "properties": {one.name: _property(one) for one in settings_of(cls)},
        "additionalProperties": False,
    }


def _property(one: Setting) -> dict[str, Any]:
    item: dict[str, Any] = {"type": JSON_TYPES[one.kind]}
    item |= {"enum": list(one.choices)} if one.choices is not None else {}
    item |= {"minimum": one.minimum} if one.minimum is not None else {}
    item |= {"maximum": one.maximum} if one.maximum is not None else {}
    whole = {"type": "array", "items": item} if one.many else item
    if one.optional:
        whole = {"anyOf": [whole, {"type": "null"}]}
    whole |= {"description": one.help, "default": _plain(one.default)}
    return whole | ({"x-unit": one.unit} if one.unit else {})


def from_mapping(cls: type[Settings], mapping: Mapping[str, Any]) -> Settings:
    """Make settings of a mapping; raise SettingError on an unknown key or a bad value.

    Keys may be spelled with hyphens, as on the command line.
    """
    names = [one.name for one in settings_of(cls)]
    values = {}
    for key, value in mapping.items():
        name = key.replace("-", "_")
        if name not in names:
            hint = did_you_mean(name, names) or f" Known are: {', '.join(names)}."
            raise SettingError(f'There is no setting "{key}".{hint}')
        values[name] = value
    return cls(**values)


def from_texts(
    cls: type[Settings], texts: Mapping[str, Any], base: Settings | None = None
) -> Settings:
    """Make settings of what was typed: texts become numbers, paths or truths.

    What was not typed (None) keeps its value in `base`, or else its default.
    """
    known = {one.name: one for one in settings_of(cls)}
    typed = {
        key: _read(known[key], value) if key in known else value
        for key, value in texts.items()
        if value is not None
    }
    return from_mapping(cls, typed if base is None else {**to_mapping(base), **typed})


def from_environment(
    cls: type[Settings],
    typed: Mapping[str, Any] | None = None,
    *,
    prefix: str = "IMPASTO_",
    environment: Mapping[str, str] = os.environ,
) -> Settings:
    """Make settings of what was typed, and else of variables such as ``IMPASTO_PORT``.

    An empty variable counts as not set; several values stand between commas.
    """
    told: dict[str, Any] = {}
    for one in settings_of(cls):
        if text := environment.get(prefix + one.name.upper(), "").strip():
            told[one.name] = [part.strip() for part in text.split(",")] if one.many else text
    given = {name: value for name, value in (typed or {}).items() if value is not None}
    return from_texts(cls, told | given)


def _read(one: Setting, value: Any) -> Any:
    if one.many and isinstance(value, list | tuple):
        return tuple(_read_item(one, item) for item in value)
    return _read_item(one, value)


def _read_item(one: Setting, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return TRUTH[value.lower()] if one.kind is bool else one.kind(value)
    except (ValueError, KeyError) as error:
        message = f'{one.flag} must be {allowed(one)}, got "{value}"'
        raise SettingError(message) from error


def to_mapping(instance: Any) -> dict[str, Any]:
    """Return settings as plain values for TOML or JSON; what is not set (None) is left out."""
    values = {one.name: getattr(instance, one.name) for one in settings_of(type(instance))}
    return {name: _plain(value) for name, value in values.items() if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Path) else value


def to_toml(instance: Any) -> str:
    """Return settings as TOML, one line each with its help text above it."""
    lines = []
    values = to_mapping(instance)
    for one in settings_of(type(instance)):
        if one.name in values:
            lines += [f"# {one.help}", f"{one.name} = {_toml_value(values[one.name])}"]
    return "\n".join(lines) + "\n"


def _toml_value(value: Any) -> str:
    # JSON's texts, numbers, truth values and arrays are TOML too, but for DEL, which we escape.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def from_toml(cls: type[Settings], text: str) -> Settings:
    """Make settings of TOML text; raise SettingError if it is not TOML or does not fit."""
    try:
        mapping = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingError(f"The settings are not valid TOML: {error}") from error
    return from_mapping(cls, mapping)
