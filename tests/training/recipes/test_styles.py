"""Many paintings in one network: rows, mixtures, and new rows that leave the others alone."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from impasto.errors import ModelError, TrainingError
from impasto.networks.transform import TransformNetwork, TransformShape
from impasto.settings.recipes import StylesSettings
from impasto.training.machine import Machine
from impasto.training.recipes import starts
from impasto.training.recipes.styles import StylesRecipe, only_new_rows
from impasto.training.runs import Run
from impasto.training.train import train

CPU = Machine(torch.device("cpu"))


@pytest.fixture
def settings(data: Path) -> StylesSettings:
    return StylesSettings(
        data=data / "content",
        paintings=(str(data / "style"),),
        width=0.125,
        steps=2,
        warmup=0,
        size=32,
        last_size=32,
        batch=2,
        held_out=1,
        workers=1,
        precision="f32",
    )


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> TransformNetwork:
    """What stands for a model that knows two other styles."""
    torch.manual_seed(1)
    network = TransformNetwork(TransformShape(width=0.125, styles=2))
    torch.nn.init.normal_(network.scale, 1, 0.1)
    cards = [{"name": name, "sha256": name} for name in ("group-0", "second")]
    for place in (starts, "impasto.training.recipes.styles"):
        monkeypatch.setattr(f"{getattr(place, '__name__', place)}.known_styles", lambda word: cards)
    monkeypatch.setattr(starts, "body", lambda word: network)
    return network


def test_it_trains_and_tells_its_styles(settings: StylesSettings, tmp_path: Path) -> None:
    result = train(settings, tmp_path / "run")
    assert result.step == 2 and result.values["style"] > 0
    state = Run(tmp_path / "run").load()
    assert state["average"]["scale"].shape[0] == 2
    assert state["card"]["kind"] == "styles"
    assert [card["name"] for card in state["card"]["styles"]] == ["group-0", "group-1"]


def test_what_is_drawn_depends_on_step_and_place_alone(settings: StylesSettings) -> None:
    recipe = StylesRecipe(settings, CPU)
    whole, part = recipe.draw(3, range(8), 32), recipe.draw(3, range(4, 8), 32)
    for name, tensor in part.items():
        assert torch.equal(tensor, whole[name][4:])
    assert not torch.equal(recipe.draw(4, range(8), 32)["content"], whole["content"])
    assert set(recipe.draw(3, range(32), 32)["painting"].tolist()) == {0, 1}


def test_new_styles_learn_their_rows_alone(
    settings: StylesSettings, model: TransformNetwork, tmp_path: Path
) -> None:
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    train(replace(settings, fine_tune="model"), tmp_path / "run")
    state = Run(tmp_path / "run").load()
    names = [card["name"] for card in state["card"]["styles"]]
    assert names == ["group-0", "second", "group-0-2", "group-1"]
    for name, tensor in state["average"].items():
        assert torch.equal(tensor[: len(before[name])], before[name]), name
    fresh = state["average"]["scale"][2:]
    assert not torch.equal(fresh[0], fresh[1])


def test_only_new_rows_have_gradients() -> None:
    network = TransformNetwork(TransformShape(width=0.125, styles=3))
    only_new_rows(network, 2)
    picture = torch.rand(1, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    network(picture, torch.ones(1, 3) / 3).square().mean().backward()
    assert network.shift.grad is not None and network.enter.weight.grad is None
    assert not network.shift.grad[:2].any() and network.shift.grad[2].any()


def test_known_styles_are_not_forgotten(settings: StylesSettings, model: TransformNetwork) -> None:
    all_of_it = replace(settings, fine_tune="model", only_rows=False)
    with pytest.raises(TrainingError, match="2 of the 2 styles that the model knows"):
        StylesRecipe(all_of_it, CPU)


def test_a_painter_is_no_start() -> None:
    with pytest.raises(ModelError, match="of another network"):
        starts.body("painter")


def test_rows_alone_need_a_model(settings: StylesSettings) -> None:
    with pytest.raises(TrainingError, match="--fine-tune MODEL"):
        StylesRecipe(replace(settings, only_rows=True), CPU)


def test_photos_held_out_are_the_same_whatever_crops_are_varied_by(
    settings: StylesSettings,
) -> None:
    plain, varied = (StylesRecipe(replace(settings, brightness=share), CPU) for share in (0.0, 0.9))
    held_out = [recipe.draw_held_out(4, 32)["content"] for recipe in (plain, varied)]
    trained_on = [recipe.draw(0, range(4), 32)["content"] for recipe in (plain, varied)]
    assert torch.equal(*held_out) and not torch.equal(*trained_on)
