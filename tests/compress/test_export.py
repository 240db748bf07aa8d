"""Exported graphs paint the same picture as the network they were made of."""

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from impasto.compress.export import encoder_id, export, export_network, rounded
from impasto.engines.registry import open_engine
from impasto.errors import ModelError, TrainingError
from impasto.methods.fast import SHIPPED
from impasto.networks.painter import Painter, PainterShape
from impasto.networks.registry import network_of
from impasto.networks.transform import TransformNetwork, TransformShape
from impasto.training.runs import Run
from impasto.weights.models import Model, open_model

SMALL = PainterShape(half=4, quarter=8, eighth=8, coarse_blocks=1, fine_blocks=1, hidden=8)


@pytest.fixture(scope="module")
def painter() -> Painter:
    torch.manual_seed(0)
    network = Painter(SMALL)
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    return rounded(network)  # as it is stored, so that only the engine can differ


@pytest.fixture(scope="module")
def model(painter: Painter, tmp_path_factory: pytest.TempPathFactory) -> Model:
    folder = tmp_path_factory.mktemp("export") / "small"
    return open_model(export_network(painter, folder, {"training_data": "none"}))


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


@pytest.mark.parametrize("engine", ["openvino", "onnxruntime", "torch"])
@pytest.mark.parametrize("size", [(16, 12), (64, 36)])
def test_own_styles_exported_equal_the_original(
    pack: Path, engine: str, size: tuple[int, int]
) -> None:
    model, network = open_model(pack), network_of(pack)
    assert isinstance(network, TransformNetwork) and model.paint_regions is not None
    run = open_engine(engine, precision="f32", device="cpu")
    generator = torch.Generator().manual_seed(1)
    window, masks = (torch.rand(1, n, *size, generator=generator) for n in (3, 2))
    masks /= masks.sum(1, keepdim=True)
    vectors = torch.tensor([[0.25, 0.0, 0.75], [0.0, 1.0, 0.0]])
    with torch.no_grad():
        statistics = network.measure(window.expand(2, -1, -1, -1), vectors)
        painting = network(window, vectors[:1])
        blended = network.paint_regions(window, statistics, masks)
    given = {"thumbnail": window.expand(2, -1, -1, -1).numpy(), "vector": vectors.numpy()}
    measured = run.load(model.prepare).run(given)["statistics"]
    inputs = {"window": window.numpy(), "statistics": measured[:1]}
    regions = {"window": window.numpy(), "statistics": measured, "masks": masks.numpy()}
    painted = run.load(model.paint).run(inputs)["painting"]
    assert np.abs(painted - painting.numpy()).max() < 1e-3
    together = run.load(model.paint_regions).run(regions)["painting"]
    assert np.abs(together - blended.numpy()).max() < 1e-3


def test_the_card_tells_the_styles_and_whose_vectors_they_are(pack: Path, lone: Path) -> None:
    several, one = open_model(pack), open_model(lone)
    assert (several.kind, one.kind) == ("styles", "style")
    assert [style["name"] for style in several.styles] == ["dusk-blue", "tall-grass", "old-wall"]
    assert several.encoder_id == several.card["files"]["model.safetensors"] != one.encoder_id
    assert several.encode is None and several.card["licence"] == "Apache-2.0"


def test_styles_without_cards_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("impasto.compress.export.to_onnx", lambda *_: onnx.ModelProto())
    network = TransformNetwork(TransformShape(0.125, blocks=1, styles=2))
    with pytest.raises(ModelError, match='needs at least one of "styles"'):
        export_network(network, tmp_path / "two", {})


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


def test_a_run_gives_what_it_saved_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("impasto.compress.export.to_onnx", lambda *_: onnx.ModelProto())  # slow
    network = TransformNetwork(TransformShape(0.125, blocks=1))
    run = Run(tmp_path / "mine.run")
    with pytest.raises(TrainingError, match=r"nothing to export: no state/last\.pt"):
        export(run.folder, tmp_path / "mine")
    run.create('recipe = "style"\nwidth = 0.125\npainting = "wall.jpg"\n')
    style = {"schema": "style-card/1", "name": "old-wall"}
    run.save(
        {
            "recipe": "style",
            "step": 7,
            "config": network.config(),
            "average": network.state_dict(),
            "card": {"kind": "style", "styles": [style]},
        }
    )
    said = tmp_path / "card.toml"
    said.write_text('licence = "CC0"\n')
    with run.held():  # as while it is at work
        model = open_model(export(run.folder, tmp_path / "My Wall", said))
    assert (model.name, model.kind, model.licence) == ("my-wall", "style", "CC0")
    assert model.card["steps"] == 7 and model.card["recipe"]["width"] == 0.125
    assert "painting" not in model.card["recipe"] and list(model.styles) == [style]
    for name, weights in network_of(model.folder).state_dict().items():
        torch.testing.assert_close(weights, network.state_dict()[name], atol=1e-3, rtol=1e-3)


def test_a_model_exported_again_keeps_weights_and_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("impasto.compress.export.to_onnx", lambda *_: onnx.ModelProto())  # slow
    shipped, again = open_model(SHIPPED), open_model(export(SHIPPED, tmp_path / "again"))
    said = [{k: v for k, v in model.card.items() if k != "files"} for model in (shipped, again)]
    assert said[0] == said[1]
    weights = [model.card["files"]["model.safetensors"] for model in (shipped, again)]
    assert weights[0] == weights[1]
