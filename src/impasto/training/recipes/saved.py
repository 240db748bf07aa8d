"""What a run has made so far: its network, and what is to be said of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from impasto.networks.registry import Network, build
from impasto.settings.recipe_files import read_recipe
from impasto.settings.schema import to_mapping
from impasto.training.runs import Run

# Of one machine: they say nothing of the model.
PLACES = (
    "data",
    "teacher",
    "fine_tune",
    "painting",
    "paintings",
    "pictures",
    "styles",
)


def load_network(run: Path) -> tuple[Network, str, Mapping[str, Any]]:
    """Return the averaged network of a run's last saved state, its recipe's name, and its card.

    The card says the kind of model, the steps, the recipe, and the cards of its styles, if any.
    Raises TrainingError where there is no state, SettingError where its settings are damaged.
    """
    folder = Run(run)
    state = folder.load()
    card = dict(state["card"])
    network = build(card["kind"], state["config"])
    network.load_state_dict(state["average"])
    fields = to_mapping(read_recipe(folder.settings))
    recipe = {name: value for name, value in fields.items() if name not in PLACES}
    return network.eval(), state["recipe"], {**card, "steps": state["step"], "recipe": recipe}
