"""The networks that paint, by the kind of their model, and how one is built again from a model."""

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open

from impasto.errors import ModelError
from impasto.networks.painter import Painter, PainterShape
from impasto.networks.transform import TransformNetwork, TransformShape
from impasto.weights.models import open_model

Network = Painter | TransformNetwork

WEIGHTS = "model.safetensors"
SHAPE = "shape"  # the entry of the weights file's metadata that holds `config()`


def kind_of(network: Network) -> str:
    """Return the kind of model that a network makes: ``arbitrary``, ``style`` or ``styles``."""
    if isinstance(network, Painter):
        return "arbitrary"
    return "style" if network.vector_size == 1 else "styles"


def build(kind: str, config: Mapping[str, Any]) -> Network:
    """Return the network of a kind of model, untrained; `config` is what its `config()` said."""
    if kind == "arbitrary":
        return Painter(PainterShape(**config))
    return TransformNetwork(TransformShape(**config))


def network_of(folder: Path) -> Network:
    """Return the network of a model folder with its weights, in float32, for evaluation.

    Raises ModelError where the folder is damaged or holds weights of another network.
    """
    model = open_model(folder)
    try:
        with safe_open(folder / WEIGHTS, "pt") as file:
            config = ast.literal_eval(file.metadata()[SHAPE])
            state = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118
        network = build(model.kind, config)
        network.load_state_dict(state)
    except (  # SyntaxError of the shape, RuntimeError of its tensors
        OSError, SafetensorError, LookupError, TypeError, ValueError, SyntaxError, RuntimeError
    ) as error:  # fmt: skip
        raise ModelError(
            f"The model {model.name} in {folder} has no weights to build its network from "
            f"({error}). Export it again from its run."
        ) from error
    return network.eval()
