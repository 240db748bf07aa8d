"""A network is built again from its model folder."""

import json
from pathlib import Path
from shutil import copytree

import pytest
import torch
from safetensors.torch import save

from impasto.errors import ModelError
from impasto.networks.painter import Painter
from impasto.networks.registry import build, kind_of, network_of
from impasto.networks.transform import TransformNetwork
from impasto.weights.files import sha256_of
from impasto.weights.models import find_model


def test_the_kind_tells_the_network() -> None:
    assert isinstance(build("arbitrary", {"half": 4}), Painter)
    one, two = (
        build(kind, {"width": 0.125, "styles": n}) for kind, n in (("style", 1), ("styles", 2))
    )
    assert (kind_of(one), kind_of(two), kind_of(Painter())) == ("style", "styles", "arbitrary")


def test_a_model_gives_its_network(pack: Path) -> None:
    assert isinstance(network_of(find_model("painter")), Painter)
    network = network_of(pack)
    assert isinstance(network, TransformNetwork) and network.vector_size == 3
    assert not network.training
    assert all(weights.dtype == torch.float32 for weights in network.state_dict().values())


def test_weights_of_another_network_are_refused(pack: Path, tmp_path: Path) -> None:
    folder = copytree(pack, tmp_path / "other")
    weights = (find_model("painter") / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(weights)
    card = json.loads((folder / "card.json").read_text())
    card["files"]["model.safetensors"] = sha256_of(weights)
    (folder / "card.json").write_text(json.dumps(card))
    with pytest.raises(ModelError, match="no weights to build its network from"):
        network_of(folder)


def test_a_damaged_shape_is_told(pack: Path, tmp_path: Path) -> None:
    folder = copytree(pack, tmp_path / "other")
    weights = save({"scale": torch.ones(1)}, {"shape": "{'width': "})
    (folder / "model.safetensors").write_bytes(weights)
    card = json.loads((folder / "card.json").read_text())
    card["files"]["model.safetensors"] = sha256_of(weights)
    (folder / "card.json").write_text(json.dumps(card))
    with pytest.raises(ModelError, match="Export it again"):
        network_of(folder)
