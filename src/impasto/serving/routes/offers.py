"""Routes that tell what the server offers: models, and the settings of every kind of work."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from impasto.serving.guards.owner import Owner
from impasto.serving.offered import RECIPE_NAMES, offered
from impasto.serving.routes.responses import problems
from impasto.settings.optimize import OptimizeSettings
from impasto.settings.recipes import RECIPES
from impasto.settings.schema import json_schema
from impasto.settings.stylize import StylizeSettings
from impasto.weights.model_cards import CARD, read_card
from impasto.weights.models import named_models

router = APIRouter(prefix="/v1", tags=["offers"], responses=problems())


class ModelAnswer(BaseModel):
    """A model that paints."""

    name: str = Field(examples=["painter"])
    kind: str = Field(
        description="`arbitrary` paints any style; `style` and `styles` paint their own alone.",
        examples=["arbitrary"],
    )
    licence: str = Field(examples=["Apache-2.0"])
    styles: list[str] = Field(description="The names of its own styles.")


class ModelsAnswer(BaseModel):
    """The models."""

    models: list[ModelAnswer]


class SettingsAnswer(BaseModel):
    """JSON schemas of what can be set."""

    stylization: dict[str, Any]
    optimization: dict[str, Any]
    training: dict[str, dict[str, Any]] = Field(description="By recipe.")


@router.get("/models", summary="List models")
async def list_models(owner: Owner) -> ModelsAnswer:
    """List the models that can be named in requests."""
    found = [
        _model(folder, (folder / CARD).stat().st_mtime_ns) for folder in named_models().values()
    ]
    return ModelsAnswer(models=found)


@router.get("/settings", summary="What can be set")
async def list_settings(owner: Owner) -> SettingsAnswer:
    """Tell what can be set as JSON schemas: ranges, choices, defaults, words for people."""
    return SettingsAnswer(
        stylization=schema_of(StylizeSettings),
        optimization=schema_of(OptimizeSettings),
        training={name: schema_of(RECIPES[name]) for name in RECIPE_NAMES},
    )


def schema_of(cls: type) -> dict[str, Any]:
    """Return the JSON schema of the settings that a client may set."""
    schema = json_schema(cls)
    names = [one.name for one in offered(cls)]
    return schema | {"properties": {name: schema["properties"][name] for name in names}}


@lru_cache(64)
def _model(folder: Path, written: int) -> ModelAnswer:
    card: Mapping[str, Any] = read_card(folder)
    return ModelAnswer(
        name=folder.name,
        kind=str(card["kind"]),
        licence=str(card.get("licence", "")),
        styles=[str(style.get("name", "")) for style in card.get("styles", ())],
    )
