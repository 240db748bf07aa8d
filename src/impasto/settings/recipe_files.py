"""Recipe files: settings of a training as TOML, with the name of the recipe."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from impasto.errors import SettingError, UsageError, did_you_mean
from impasto.settings.fields import settings_of
from impasto.settings.recipes import RECIPES, name_of
from impasto.settings.schema import from_mapping, to_toml
from impasto.settings.training import TrainingSettings


def to_recipe(settings: TrainingSettings) -> str:
    """Return settings as the text of a recipe file."""
    return f'recipe = "{name_of(settings)}"\n{to_toml(settings)}'


def read_recipe(path: Path) -> TrainingSettings:
    """Return the settings of a recipe file.

    Raises UsageError where it cannot be read, SettingError that names the field and its line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise UsageError(f'The recipe "{path}" cannot be read: {reason}.') from error
    try:
        fields = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingError(f"{path} is not valid TOML: {error}.") from error
    kind = _kind(path, text, fields)
    fields.pop("recipe")
    try:
        return from_mapping(kind, fields)
    except SettingError as error:
        key, said = _meant(kind, fields, str(error))
        raise SettingError(f"{path}, line {line_of(text, key)}: {said}") from error


def _kind(path: Path, text: str, fields: Mapping[str, Any]) -> type[TrainingSettings]:
    known = ", ".join(RECIPES)
    if "recipe" not in fields:
        raise SettingError(f'{path} does not say which recipe it is: recipe = "style" ({known}).')
    name = str(fields["recipe"])
    if name not in RECIPES:
        raise SettingError(
            f'{path}, line {line_of(text, "recipe")}: there is no recipe "{name}".'
            f"{did_you_mean(name, RECIPES)} There are: {known}."
        )
    return RECIPES[name]


def _meant(kind: type[TrainingSettings], fields: Mapping[str, Any], said: str) -> tuple[str, str]:
    """Return the key that an error is about, and its words with fields in place of options."""
    names = {one.flag: one.name for one in settings_of(kind)}
    keys = {key.replace("-", "_"): key for key in fields}
    for name, key in keys.items():
        if name not in names.values():
            return key, said  # of no setting: that is told first
    told = [names[word] for word in said.split() if word in names]
    key = next((keys[name] for name in told if name in keys), "recipe")
    return key, " ".join(names.get(word, word) for word in said.split())


def line_of(text: str, key: str) -> int:
    """Return the line, from 1, on which a key of a flat TOML text is set.

    >>> line_of("# steps = 1\\nsize = 9\\nsteps = 2\\n", "steps")
    3
    """
    name = rf"[\"']?{re.escape(key)}[\"']?"
    found = re.search(rf"^[ \t]*({name}[ \t]*=|\[+[ \t]*{name}[ \t]*\])", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1
