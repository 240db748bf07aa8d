"""What a training begins with: random weights, or those of a model."""

from collections.abc import Set
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from impasto.errors import ModelError
from impasto.networks.painter import Painter
from impasto.networks.registry import network_of
from impasto.networks.transform import TransformNetwork, TransformShape
from impasto.weights.models import find_model, open_model


def painter(word: str) -> Painter:
    """Return the painter of a model; raise ModelError where it is another network."""
    network = network_of(find_model(word))
    if not isinstance(network, Painter):
        raise ModelError(
            f'The model "{word}" knows styles by name and is no painter of any style. '
            "Go on from one that impasto train arbitrary made, or from: painter"
        )
    return network.train()


def grown(painter: Painter) -> Painter:
    """Return a painter with one residual block more at each depth, of which only those learn.

    The new blocks add nothing yet, so it paints the same. What they add will depend on the style
    by their own rows of the modulation, which are new as well; all old weights are frozen.
    """
    shape = painter.shape
    more = replace(shape, coarse_blocks=shape.coarse_blocks + 1, fine_blocks=shape.fine_blocks + 1)
    made, state = Painter(more), painter.state_dict()
    added = [made.decoder.coarse[-1], made.decoder.fine[-1]]
    for block in added:
        nn.init.zeros_(block.second.weight)  # type: ignore[arg-type, union-attr]
    old = _old_rows(made, {f"coarse{shape.coarse_blocks}", f"fine{shape.fine_blocks}"})
    last = "modulation.2"
    for name in (f"{last}.weight", f"{last}.bias"):
        rows = made.state_dict()[name].clone()
        rows[old] = state[name]
        state[name] = rows
    made.load_state_dict({**made.state_dict(), **state})
    made.requires_grad_(False)
    learning = [p for block in added for p in block.parameters()]
    learning += made.modulation[2].parameters()
    for parameter in learning:
        parameter.requires_grad_(True)
    for parameter in made.modulation[2].parameters():
        parameter.register_hook(  # type: ignore[no-untyped-call]
            lambda gradient: gradient.index_fill(0, old.to(gradient.device), 0)
        )
    return made.train()


def _old_rows(painter: Painter, new: Set[str]) -> Tensor:
    """Return which rows of the modulation belong to other blocks than the new ones."""
    places: list[int] = []
    start = 0
    for name, width in painter.modulated:
        places += [] if name in new else range(start, start + 2 * width)
        start += 2 * width
    return torch.tensor(places)


def body(word: str) -> TransformNetwork:
    """Return the network of a model of trained styles; raise ModelError where it is another."""
    network = network_of(find_model(word))
    if not isinstance(network, TransformNetwork):
        raise ModelError(
            f'The model "{word}" is of another network. Go on from one that impasto train style or '
            "styles made, or leave --fine-tune out."
        )
    return network.train()


def known_styles(word: str) -> list[dict[str, Any]]:
    """Return the cards of the styles that a model knows."""
    return list(open_model(find_model(word)).card.get("styles", ()))


def transform_network(start: str | None, width: float, styles: int) -> TransformNetwork:
    """Return a network for so many styles: random, or one whose rows are the mean of a model's."""
    if start is None:
        return TransformNetwork(TransformShape(width=width, styles=styles))
    return _with(body(start), kept=0, new=styles)


def with_rows(start: str, new: int) -> TransformNetwork:
    """Return the network of a model with so many rows more, which are the mean of its own."""
    network = body(start)
    return _with(network, kept=network.shape.styles, new=new)


def _with(network: TransformNetwork, kept: int, new: int) -> TransformNetwork:
    shape = network.shape
    made = TransformNetwork(TransformShape(shape.width, shape.blocks, kept + new))
    state = network.state_dict()
    for name in ("scale", "shift"):
        mean = state[name].mean(0, keepdim=True)
        state[name] = torch.cat([state[name][:kept], mean.expand(new, -1)])
    made.load_state_dict(state)
    return made


def row_paces(network: TransformNetwork, rate: float) -> list[tuple[float, list[nn.Parameter]]]:
    """Return what learns, the rows of scales and shifts at a pace of their own.

    A scale has to move by about its own size, many times as far as a weight of a convolution, and
    Adam's steps are of one length. We measured with eight styles a style loss of 0.75 after 90
    steps at twenty times the common rate, and of 3.0 at that rate itself.
    """
    rows = (network.scale, network.shift)
    others = [p for p in network.parameters() if all(p is not row for row in rows)]
    groups = ((1.0, others), (rate, list(rows)))
    return [(pace, [p for p in group if p.requires_grad]) for pace, group in groups]
