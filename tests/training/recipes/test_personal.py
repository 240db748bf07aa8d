"""Tuning to one look: what sees styles is frozen, and other styles are held to what they were."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from impasto.errors import TrainingError
from impasto.settings.recipes import PersonalSettings
from impasto.training.machine import Machine
from impasto.training.recipes.personal import PersonalRecipe, open_look
from impasto.training.recipes.starts import grown, painter
from impasto.training.runs import Run
from impasto.training.train import train

CPU = Machine(torch.device("cpu"))


@pytest.fixture
def settings(data: Path) -> PersonalSettings:
    return PersonalSettings(
        data=data / "content",
        pictures=str(data / "style"),
        steps=2,
        warmup=0,
        size=32,
        last_size=32,
        batch=4,
        held_out=2,
        workers=1,
        precision="f32",
    )


def test_only_what_is_new_learns(settings: PersonalSettings, tmp_path: Path) -> None:
    result = train(settings, tmp_path / "run")
    assert result.values["prior"] > 0
    begun, state = grown(painter("painter")).state_dict(), Run(tmp_path / "run").load()
    changed = {n for n, t in state["network"].items() if not torch.equal(t, begun[n])}
    new = ("decoder.coarse.2.", "decoder.fine.2.", "modulation.2.")
    assert changed and all(name.startswith(new) for name in changed)
    assert state["card"]["tuned_from"] == "painter" and len(state["card"]["tuned_to"]) == 1


def test_an_unchanged_painter_keeps_all_styles(settings: PersonalSettings) -> None:
    recipe = PersonalRecipe(settings, CPU)
    batch = recipe.draw(0, range(4), 32)
    assert batch["kept"].tolist() == [False, True, False, True]
    with torch.no_grad():
        assert recipe.terms(recipe.network, batch)["prior"] < 1e-6
        for name, weight in recipe.network.named_parameters():
            if name == "decoder.fine.2.second.weight":
                weight.fill_(0.01)
        assert recipe.terms(recipe.network, batch)["prior"] > 1e-3


def test_nothing_is_kept_where_nothing_is_asked_for(settings: PersonalSettings) -> None:
    recipe = PersonalRecipe(replace(settings, prior_share=0.0), CPU)
    batch = recipe.draw(0, range(2), 32)
    assert not batch["kept"].any()
    prior: Tensor = recipe.terms(recipe.network, batch)["prior"]
    assert prior == 0


def test_pictures_held_out_are_never_learnt(settings: PersonalSettings) -> None:
    recipe = PersonalRecipe(settings, CPU)
    assert set(recipe.draw(0, range(16), 32)["picture"].tolist()) == {0}
    assert set(recipe.draw_held_out(16, 32)["picture"].tolist()) == {1}


def test_photos_need_not_be_given(settings: PersonalSettings) -> None:
    recipe = PersonalRecipe(replace(settings, data=None), CPU)
    assert {"photo/astronaut", "photo/coffee", "group_0.png"} & set(recipe.contents.names)
    assert recipe.draw(0, range(1), 32)["content"].shape == (1, 32, 32, 3)


def test_a_single_picture_is_a_look_too(settings: PersonalSettings, data: Path) -> None:
    (data / "style" / "group_1.png").unlink()
    train_, held_out = open_look(settings)
    assert train_.names == held_out.names == ("group_0.png",)


def test_which_look_is_asked() -> None:
    with pytest.raises(TrainingError, match="Which look"):
        open_look(PersonalSettings())
