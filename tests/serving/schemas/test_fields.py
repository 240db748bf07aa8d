"""Bodies are made from settings, so that they cannot drift."""

from pathlib import Path
from typing import Any

import pytest

from impasto.serving.offered import offered
from impasto.serving.schemas.fields import Body
from impasto.serving.schemas.requests import BODIES, TRAININGS
from impasto.settings.fields import settings_of
from impasto.settings.optimize import OptimizeSettings
from impasto.settings.recipes import RECIPES
from impasto.settings.schema import json_schema
from impasto.settings.stylize import StylizeSettings

MADE: list[tuple[type[Body], type]] = [
    (BODIES["stylization"], StylizeSettings),
    (BODIES["batch"], StylizeSettings),
    (BODIES["sheet"], StylizeSettings),
    (BODIES["optimization"], OptimizeSettings),
    *((TRAININGS[name], RECIPES[name]) for name in TRAININGS),
]
MACHINES = {"engine", "device", "threads", "workers", "precision", "max_pixels", "block"}


def plain(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the part of a schema that tells the kind of value."""
    for one in schema.get("anyOf", ()):
        if one.get("type") != "null":
            return plain(one)
    return schema


@pytest.mark.parametrize(("body", "settings"), MADE, ids=lambda one: one.__name__)
def test_a_body_has_every_setting_with_its_range_and_words(
    body: type[Body], settings: type
) -> None:
    told = body.model_json_schema()["properties"]
    for name, wanted in json_schema(settings)["properties"].items():
        if name not in {one.name for one in offered(settings)}:
            continue
        assert told[name]["description"] == wanted["description"], name
        assert told[name].get("default") == wanted["default"], name
        for key in ("minimum", "maximum"):
            assert plain(told[name]).get(key) == plain(wanted).get(key), (name, key)
        if choices := wanted.get("enum"):
            assert told[name]["enum"] == choices, name


@pytest.mark.parametrize(("body", "settings"), MADE, ids=lambda one: one.__name__)
def test_no_setting_of_the_machine_and_no_path_is_offered(body: type[Body], settings: type) -> None:
    names = set(body.model_fields)
    assert not names & MACHINES
    assert not names & {one.name for one in settings_of(settings) if one.kind is Path}


@pytest.mark.parametrize(("body", "settings"), MADE, ids=lambda one: one.__name__)
def test_every_text_has_a_pattern_or_choices(body: type[Body], settings: type) -> None:
    """A text that may be anything could be taken for a path."""
    told = body.model_json_schema()["properties"]
    for one in offered(settings):
        schema = plain(told[one.name])
        schema = plain(schema["items"]) if schema.get("type") == "array" else schema
        if schema.get("type") == "string":
            assert "pattern" in schema or "enum" in schema, one.name
