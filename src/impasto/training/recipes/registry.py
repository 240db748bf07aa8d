"""The recipes by name; each is imported when it is asked for."""

from importlib import import_module
from typing import TYPE_CHECKING

from impasto.settings.recipes import name_of
from impasto.settings.training import TrainingSettings
from impasto.training.machine import Machine

if TYPE_CHECKING:
    from impasto.training.recipes.base import Recipe

CLASSES = {
    "style": "StyleRecipe",
    "styles": "StylesRecipe",
    "arbitrary": "ArbitraryRecipe",
    "personal": "PersonalRecipe",
}


def recipe_of(settings: TrainingSettings, machine: Machine) -> "Recipe":
    """Return the recipe that settings are for; raises what opening its data does."""
    name = name_of(settings)
    recipe: type[Recipe] = getattr(import_module(f"impasto.training.recipes.{name}"), CLASSES[name])
    return recipe(settings, machine)
