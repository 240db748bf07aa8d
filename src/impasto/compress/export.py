"""Export a trained painter as a model folder: card, weights, and the graphs that engines run."""

import hashlib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import onnx
import torch.nn.functional as F
from safetensors.torch import save
from torch import Tensor, nn

from impasto.compress.graphs import WEIGHTS, Shape, half, share_weights, to_onnx, wrapped_names
from impasto.errors import UsageError
from impasto.networks.painter import Painter, PainterShape
from impasto.settings.arbitrary import ArbitrarySettings
from impasto.settings.schema import to_mapping
from impasto.training.arbitrary import load_weights
from impasto.training.runs import Run
from impasto.weights.model_cards import CARD
from impasto.weights.models import open_model, write_model

HALO = 104  # pixels that a painted pixel depends on to each side: 98, on the grid of 8


class _Encode(nn.Module):
    def __init__(self, painter: Painter) -> None:
        super().__init__()
        self.painter = painter

    def forward(self, picture: Tensor) -> Tensor:
        return self.painter.encode(picture)


class _Prepare(_Encode):
    def forward(self, thumbnail: Tensor, vector: Tensor) -> Tensor:  # type: ignore[override]
        return self.painter.measure(thumbnail, vector)


class _Paint(_Encode):
    def forward(self, window: Tensor, statistics: Tensor) -> Tensor:  # type: ignore[override]
        # The convolution by ones changes nothing but the layout: OpenVINO keeps features with
        # channels last, and would reorder them to meet statistics that come straight from an input.
        count = statistics.shape[1]
        ones = statistics.new_ones(count, 1, 1, 1)
        statistics = F.conv2d(statistics[..., None, None], ones, groups=count)
        return self.painter.paint(window, statistics)


class _PaintRegions(_Encode):
    def forward(  # type: ignore[override]
        self, window: Tensor, statistics: Tensor, masks: Tensor
    ) -> Tensor:
        return self.painter.paint_regions(window, statistics, masks)


def load_painter(run: Path) -> Painter:
    """Return the averaged painter of a run, rounded to half precision as it will be shipped."""
    state = Run(run).load()
    painter = Painter(PainterShape(**state["shape"]))
    painter.load_state_dict({name: t.half().float() for name, t in state["average"].items()})
    return painter.eval()


def export(run: Path, model: Path, card: Path | None = None) -> Path:
    """Write the model folder of a run and return it.

    The model card tells the recipe; a TOML file `card` adds what else is to be said, as the
    training data, licence and figures, and may give another name. Instead of a run, a model folder
    may be given: its weights and card get graphs anew.
    """
    said = read_card(card) if card else {}
    if (run / CARD).is_file():
        painter, known = _of_model(run)
        return export_painter(painter, model, {**known, **said})
    recipe = to_mapping(Run(run).read_settings(ArbitrarySettings))
    own = {key: value for key, value in recipe.items() if key not in ("data", "teacher", "start")}
    steps = Run(run).load()["step"]
    return export_painter(load_painter(run), model, {"steps": steps, "recipe": own, **said})


def _of_model(folder: Path) -> tuple[Painter, dict[str, Any]]:
    painter = Painter()
    painter.load_state_dict(load_weights(folder))
    card = open_model(folder).card
    return painter.eval(), {k: v for k, v in card.items() if k not in ("schema", "files")}


def read_card(path: Path) -> dict[str, Any]:
    """Return what a TOML file adds to a model card; raise UsageError if it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(
            f"The card {path} is not a TOML file that can be read ({error})."
        ) from error


def export_painter(painter: Painter, model: Path, card: Mapping[str, Any]) -> Path:
    """Write a painter as a model folder; its graphs share their weights."""
    weights = save(half(painter.state_dict()), {"shape": str(painter.config())})
    picture: Shape = ("batch", 3, "rows", "columns")
    vector: Shape = ("batch", painter.vector_size)
    length = 2 * sum(width for _, width in painter.sites)
    window: Shape = (1, 3, "rows", "columns")
    masks: Shape = (1, "regions", "rows", "columns")

    def graph(module: nn.Module, inputs: Mapping[str, Shape], output: str) -> onnx.ModelProto:
        return to_onnx(module, inputs, output, painter.multiple)

    graphs = {
        "encode.onnx": graph(_Encode(painter), {"picture": picture}, "vector"),
        "prepare.onnx": graph(
            _Prepare(painter), {"thumbnail": picture, "vector": vector}, "statistics"
        ),
        "paint.onnx": graph(
            _Paint(painter), {"window": picture, "statistics": ("batch", length)}, "painting"
        ),
        "paint_regions.onnx": graph(
            _PaintRegions(painter),
            {"window": window, "statistics": ("regions", length), "masks": masks},
            "painting",
        ),
    }
    names = wrapped_names(list(painter.state_dict()), "painter")
    files = {
        name: share_weights(made, names, weights).SerializeToString()
        for name, made in graphs.items()
    }
    full = {
        "name": model.name,
        "kind": "arbitrary",
        "version": 1,
        "encoder_id": encoder_id(painter),
        "multiple": painter.multiple,
        "halo": HALO,
        **card,
    }
    return write_model(model, full, {WEIGHTS: weights, **files})


def encoder_id(painter: Painter) -> str:
    """Return the hash of the style encoder's weights as they are stored."""
    digest = hashlib.sha256()
    for name, tensor in sorted(half(painter.style.state_dict()).items()):
        digest.update(name.encode())
        digest.update(tensor.numpy().tobytes())
    return digest.hexdigest()
