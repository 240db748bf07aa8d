"""Export a trained network as a model folder: card, weights, and the graphs that engines run."""

import hashlib
import tomllib
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeVar

import onnx
import torch.nn.functional as F
from safetensors.torch import save
from torch import Tensor, nn

from impasto.compress.graphs import Shape, half, share_weights, to_onnx, wrapped_names
from impasto.compress.halo import halo_of
from impasto.errors import TrainingError, UsageError
from impasto.networks.painter import Painter
from impasto.networks.registry import SHAPE, WEIGHTS, Network, kind_of, network_of
from impasto.styles.words import kebab
from impasto.training.recipes.saved import load_network
from impasto.training.runs import Run
from impasto.weights.files import sha256_of
from impasto.weights.model_cards import CARD
from impasto.weights.models import open_model, write_model

OneNetwork = TypeVar("OneNetwork", bound=Network)


class _Encode(nn.Module):
    def __init__(self, network: Painter) -> None:
        super().__init__()
        self.network = network

    def forward(self, picture: Tensor) -> Tensor:
        return self.network.encode(picture)


class _Prepare(nn.Module):
    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, thumbnail: Tensor, vector: Tensor) -> Tensor:
        return self.network.measure(thumbnail, vector)


class _Paint(_Prepare):
    def forward(self, window: Tensor, statistics: Tensor) -> Tensor:
        # The convolution by ones changes nothing but the layout: OpenVINO keeps features with
        # channels last, and would reorder them to meet statistics that come straight from an input.
        count = statistics.shape[1]
        ones = statistics.new_ones(count, 1, 1, 1)
        statistics = F.conv2d(statistics[..., None, None], ones, groups=count)
        return self.network.paint(window, statistics)


class _PaintRegions(_Prepare):
    def forward(  # type: ignore[override]
        self, window: Tensor, statistics: Tensor, masks: Tensor
    ) -> Tensor:
        return self.network.paint_regions(window, statistics, masks)


def export(run: Path, model: Path, card: Path | None = None) -> Path:
    """Write the model folder of a run, of what it saved last, and return it.

    The model card tells the recipe; a TOML file `card` adds what else is to be said, as the
    training data, licence and figures, and may give another name. Instead of a run, a model folder
    may be given: its weights and card get graphs anew.
    """
    said = read_card(card) if card else {}
    network, known = _of_model(run) if (run / CARD).is_file() else _of_run(run)
    return export_network(network, model, {**known, **said})


def _of_run(folder: Path) -> tuple[Network, dict[str, Any]]:
    if not Run(folder).checkpoint.is_file():
        raise TrainingError(
            f'"{folder}" holds nothing to export: no {Run(folder).checkpoint.relative_to(folder)}. '
            "Name the folder of a training that has saved its state once."
        )
    network, _, card = load_network(folder)
    return network, dict(card)


def _of_model(folder: Path) -> tuple[Network, dict[str, Any]]:
    card = open_model(folder).card
    return network_of(folder), {k: v for k, v in card.items() if k not in ("schema", "files")}


def read_card(path: Path) -> dict[str, Any]:
    """Return what a TOML file adds to a model card; raise UsageError if it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(
            f"The card {path} is not a TOML file that can be read ({error})."
        ) from error


def export_network(network: Network, model: Path, card: Mapping[str, Any]) -> Path:
    """Write a network as a model folder, in half precision; its graphs share their weights.

    Args:
        card: what the model card says; with a `TransformNetwork` a list ``styles``, the style card
            of each of its rows.
    """
    network = rounded(network)
    weights = save(half(network.state_dict()), {SHAPE: str(network.config())})
    names = wrapped_names(list(network.state_dict()), "network")
    files = {
        name: share_weights(made, names, weights).SerializeToString()
        for name, made in graphs_of(network).items()
    }
    full = {
        "name": kebab(model.name),
        "kind": kind_of(network),
        "version": 1,
        "encoder_id": encoder_id(network) if isinstance(network, Painter) else sha256_of(weights),
        "multiple": network.multiple,
        "halo": halo_of(network),
        **card,
    }
    return write_model(model, full, {WEIGHTS: weights, **files})


def rounded(network: OneNetwork) -> OneNetwork:
    """Return a copy for evaluation, its weights rounded to half precision as they are shipped."""
    copy = deepcopy(network)
    copy.load_state_dict({n: t.float() for n, t in half(network.state_dict()).items()})
    copy.eval()
    return copy


def graphs_of(network: Network) -> dict[str, onnx.ModelProto]:
    """Return the graphs of a model folder by file name, their weights still inside."""
    picture: Shape = ("batch", 3, "rows", "columns")
    vector: Shape = ("batch", network.vector_size)
    length = 2 * sum(width for _, width in network.sites)
    window: Shape = (1, 3, "rows", "columns")
    masks: Shape = (1, "regions", "rows", "columns")

    def graph(module: nn.Module, inputs: Mapping[str, Shape], output: str) -> onnx.ModelProto:
        return to_onnx(module, inputs, output, network.multiple)

    graphs = {
        "prepare.onnx": graph(
            _Prepare(network), {"thumbnail": picture, "vector": vector}, "statistics"
        ),
        "paint.onnx": graph(
            _Paint(network), {"window": picture, "statistics": ("batch", length)}, "painting"
        ),
        "paint_regions.onnx": graph(
            _PaintRegions(network),
            {"window": window, "statistics": ("regions", length), "masks": masks},
            "painting",
        ),
    }
    if isinstance(network, Painter):
        graphs["encode.onnx"] = graph(_Encode(network), {"picture": picture}, "vector")
    return graphs


def encoder_id(painter: Painter) -> str:
    """Return the hash of the style encoder's weights as they are stored."""
    digest = hashlib.sha256()
    for name, tensor in sorted(half(painter.style.state_dict()).items()):
        digest.update(name.encode())
        digest.update(tensor.numpy().tobytes())
    return digest.hexdigest()
