"""Exported graphs paint the same picture as the network they were made of."""

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from impasto.compress.export import encoder_id, export, export_painter
from impasto.engines.registry import open_engine
from impasto.methods.fast import SHIPPED
from impasto.networks.painter import Painter, PainterShape
from impasto.weights.models import Model, open_model

SMALL = PainterShape(half=4, quarter=8, eighth=8, coarse_blocks=1, fine_blocks=1, hidden=8)


@pytest.fixture(scope="module")
def painter() -> Painter:
    torch.manual_seed(0)
    network = Painter(SMALL)
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    state = {name: tensor.half().float() for name, tensor in network.state_dict().items()}
    network.load_state_dict(state)  # rounded as it is stored, so that only the engine can differ
    return network.eval()


@pytest.fixture(scope="module")
def model(painter: Painter, tmp_path_factory: pytest.TempPathFactory) -> Model:
    folder = tmp_path_factory.mktemp("export") / "small"
    return open_model(export_painter(painter, folder, {"training_data": "none"}))


@pytest.mark.parametrize("engine", ["openvino", "onnxruntime", "torch"])
@pytest.mark.parametrize("size", [(8, 8), (40, 64)])
def test_exported_equals_original(
    painter: Painter, model: Model, engine: str, size: tuple[int, int]
) -> None:
    run = open_engine(engine, precision="f32", device="cpu")
    picture = torch.rand(1, 3, *size, generator=torch.Generator().manual_seed(1))
    assert model.encode is not None
    with torch.no_grad():
        vector = painter.encode(picture.flip(3))
        statistics = painter.measure(picture, vector)
        painting = painter.paint(picture, statistics)
    window = picture.numpy()
    encoded = run.load(model.encode).run({"picture": picture.flip(3).numpy()})["vector"]
    measured = run.load(model.prepare).run({"thumbnail": window, "vector": vector.numpy()})
    painted = run.load(model.paint).run({"window": window, "statistics": statistics.numpy()})
    np.testing.assert_allclose(encoded, vector.numpy(), atol=1e-3)
    np.testing.assert_allclose(measured["statistics"], statistics.numpy(), atol=2e-3, rtol=1e-3)
    np.testing.assert_allclose(painted["painting"], painting.numpy(), atol=1e-3)


@pytest.mark.parametrize("engine", ["openvino", "onnxruntime", "torch"])
@pytest.mark.parametrize("count", [1, 2, 4])
def test_regions_exported_equal_the_original(
    painter: Painter, model: Model, engine: str, count: int
) -> None:
    generator = torch.Generator().manual_seed(2)
    window, masks = (torch.rand(1, n, 40, 64, generator=generator) for n in (3, count))
    masks /= masks.sum(1, keepdim=True)
    with torch.no_grad():
        vectors = [painter.encode(torch.rand(1, 3, 32, 32, generator=generator)) for _ in masks[0]]
        statistics = torch.cat([painter.measure(window, vector) for vector in vectors])
        painting = painter.paint_regions(window, statistics, masks)
    assert model.paint_regions is not None
    network = open_engine(engine, precision="f32", device="cpu").load(model.paint_regions)
    inputs = {"window": window, "statistics": statistics, "masks": masks}
    painted = network.run({name: tensor.numpy() for name, tensor in inputs.items()})["painting"]
    np.testing.assert_allclose(painted, painting.numpy(), atol=1e-3)


def test_graphs_share_one_weights_file(model: Model) -> None:
    sizes = {p.name: p.stat().st_size for p in model.folder.iterdir()}
    assert all(sizes[name] < 60_000 for name in sizes if name.endswith(".onnx"))
    assert sizes["model.safetensors"] > 0


def test_the_encoder_id_changes_with_the_style_encoder_only(painter: Painter) -> None:
    other = Painter(SMALL)
    other.load_state_dict(painter.state_dict())
    assert encoder_id(other) == encoder_id(painter)
    with torch.no_grad():
        other.decoder.to_half.weight.add_(1)
    assert encoder_id(other) == encoder_id(painter)
    with torch.no_grad():
        other.style.enter.weight.add_(1)
    assert encoder_id(other) != encoder_id(painter)


def test_a_model_exported_again_keeps_weights_and_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("impasto.compress.export.to_onnx", lambda *_: onnx.ModelProto())  # slow
    shipped, again = open_model(SHIPPED), open_model(export(SHIPPED, tmp_path / "again"))
    said = [{k: v for k, v in model.card.items() if k != "files"} for model in (shipped, again)]
    assert said[0] == said[1]
    weights = [model.card["files"]["model.safetensors"] for model in (shipped, again)]
    assert weights[0] == weights[1]
