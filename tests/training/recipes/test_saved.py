"""What a run has made can be taken from it."""

from pathlib import Path

import pytest
import torch

from impasto.errors import TrainingError
from impasto.settings.recipes import StyleSettings
from impasto.training.recipes.saved import load_network
from impasto.training.runs import Run
from impasto.training.train import train


def test_a_run_gives_its_averaged_network_and_what_to_say_of_it(
    data: Path, painting: Path, tmp_path: Path
) -> None:
    settings = StyleSettings(
        data=data / "content",
        painting=str(painting),
        width=0.125,
        steps=1,
        size=32,
        last_size=32,
        batch=1,
        held_out=1,
        workers=1,
        precision="f32",
    )
    train(settings, tmp_path / "run")
    network, recipe, card = load_network(tmp_path / "run")
    average = Run(tmp_path / "run").load()["average"]
    for name, weights in network.state_dict().items():
        assert torch.equal(weights, average[name])
    assert recipe == "style" and not network.training
    assert card["kind"] == "style" and card["steps"] == 1
    assert card["styles"][0]["name"] == "group-0"
    assert card["recipe"]["width"] == 0.125 and "data" not in card["recipe"]


def test_a_folder_without_a_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="no run"):
        load_network(tmp_path)
