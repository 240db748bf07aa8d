"""What a training begins with: random weights, or those of a model."""

import torch

from impasto.errors import ModelError
from impasto.networks.registry import Network, network_of
from impasto.networks.transform import TransformNetwork, TransformShape
from impasto.weights.models import find_model


def opened(word: str) -> Network:
    """Return the network of a model to begin with, ready to learn."""
    return network_of(find_model(word)).train()


def transform_network(start: str | None, width: float, styles: int) -> TransformNetwork:
    """Return a network for so many styles, random or with the body of a model.

    Its rows are then the mean of the model's. Raises ModelError for a model of another network.
    """
    if start is None:
        return TransformNetwork(TransformShape(width=width, styles=styles))
    body = opened(start)
    if not isinstance(body, TransformNetwork):
        raise ModelError(
            f'The model "{start}" is not of this network. Start from one that impasto train style '
            "or styles made, or leave --fine-tune out."
        )
    network = TransformNetwork(TransformShape(body.shape.width, body.shape.blocks, styles))
    state = body.state_dict()
    for name in ("scale", "shift"):
        state[name] = state[name].mean(0, keepdim=True).expand(styles, -1)
    network.load_state_dict(state)
    return network


def seeded(seed: int) -> None:
    """Make the weights that networks begin with follow from a seed."""
    torch.manual_seed(seed)
