"""Model cards (``model-card/1``): what a model is and knows, beside it as ``card.json``."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from impasto.errors import ModelError

SCHEMA = "model-card/1"
CARD = "card.json"
KINDS = ("arbitrary", "style", "styles")

# What every card says. It may say more: title, licence, training_data, recipe, figures; and those
# of trained styles have a list "styles", the style card of each row of the network.
FIELDS: Mapping[str, type] = {
    "name": str,  # kebab-case
    "kind": str,  # "arbitrary": any style by its vector; "style", "styles": those it was trained on
    "version": int,
    "encoder_id": str,  # whose vectors it takes: SHA-256 of the style encoder, or of all weights
    "multiple": int,  # heights and widths divide by it
    "halo": int,  # pixels to each side that a painted pixel depends on
}


def read_card(folder: Path) -> dict[str, Any]:
    """Return the checked card of a model folder; raise ModelError that names what is wrong."""
    path = folder / CARD
    try:
        card = json.loads(path.read_bytes())
    except OSError as error:
        raise ModelError(
            f"{folder} is not a model folder: it has no readable {CARD}. "
            "Name a folder that impasto export wrote."
        ) from error
    except ValueError as error:
        raise ModelError(f"{path} is damaged ({error}). Export the model again.") from error
    if not isinstance(card, dict):
        raise ModelError(f"{path} is damaged: no table. Export the model again.")
    check_card(card, f"The model card {path}")
    return card


def check_card(card: Mapping[str, Any], which: str) -> None:
    """Raise ModelError where a field of a card is missing or cannot be."""
    if card.get("schema") != SCHEMA:
        raise ModelError(
            f"{which} has the schema {card.get('schema')!r}; this version of Impasto reads "
            f"{SCHEMA}. Update Impasto, or export the model again."
        )
    for field, kind in FIELDS.items():
        value = card.get(field)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise ModelError(f'{which} needs "{field}" as {kind.__name__}, got {value!r}.')
    if card["multiple"] < 1 or card["halo"] < 0:
        raise ModelError(
            f'{which} needs "multiple" of 1 or more and "halo" of 0 or more, '
            f"got {card['multiple']} and {card['halo']}."
        )
    _check_kind(card, which)


def _check_kind(card: Mapping[str, Any], which: str) -> None:
    kind, styles = card["kind"], card.get("styles", [])
    if kind not in KINDS:
        raise ModelError(
            f"{which} has the kind {kind!r}; this version of Impasto knows {', '.join(KINDS)}. "
            "Update Impasto, or export the model again."
        )
    tables = isinstance(styles, list) and all(isinstance(style, dict) for style in styles)
    count = len(styles) if tables else -1
    if not {"arbitrary": count == 0, "style": count == 1, "styles": count > 0}[kind]:
        allowed = {"arbitrary": "none", "style": "one"}.get(kind, "at least one")
        raise ModelError(f'{which} is of the kind "{kind}" and needs {allowed} of "styles".')
