"""Any style: photos and styles are drawn apart, styles by group, and shared by neighbours."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from impasto.errors import SettingError, TrainingError
from impasto.settings.recipes import ArbitrarySettings
from impasto.training.data.pictures import open_pictures
from impasto.training.machine import Machine
from impasto.training.recipes.arbitrary import (
    ArbitraryRecipe,
    Styles,
    check_shares,
    folders_of,
    shared,
)
from impasto.training.recipes.starts import painter
from impasto.training.runs import Run
from impasto.training.train import train

CPU = Machine(torch.device("cpu"))


@pytest.fixture
def settings(data: Path) -> ArbitrarySettings:
    return ArbitrarySettings(
        data=data,
        steps=2,
        warmup=1,
        size=32,
        last_size=32,
        batch=4,
        patterns=0,
        held_out=1,
        workers=1,
        precision="f32",
    )


def test_it_trains_on_a_folder_of_both(settings: ArbitrarySettings, tmp_path: Path) -> None:
    result = train(settings, tmp_path / "run")
    assert result.values["style"] > 0 and result.values["identity"] > 0
    assert Run(tmp_path / "run").load()["card"]["kind"] == "arbitrary"


def test_neighbours_share_a_style(settings: ArbitrarySettings) -> None:
    batch = ArbitraryRecipe(settings, CPU).draw(0, range(4), 32)
    style = batch["style"]
    assert torch.equal(style[0], style[1]) and torch.equal(style[2], style[3])
    assert not torch.equal(style[0], style[2])
    assert not torch.equal(batch["content"][0], batch["content"][1])


def test_terms_of_parts_make_those_of_the_whole(settings: ArbitrarySettings) -> None:
    torch.manual_seed(0)
    recipe = ArbitraryRecipe(settings, CPU)
    with torch.no_grad():
        whole = recipe.terms(recipe.network, recipe.draw(0, range(4), 32))
        one, other = (
            recipe.terms(recipe.network, recipe.draw(0, places, 32))
            for places in (range(1), range(1, 4))
        )
    for name, value in whole.items():
        torch.testing.assert_close(one[name] / 4 + other[name] * 3 / 4, value, rtol=1e-3, atol=1e-5)


def test_shared_keys_are_seen_once() -> None:
    first, which = shared(torch.tensor([3, 3, 4, 9, 9]))
    assert first.tolist() == [0, 2, 3] and which.tolist() == [0, 0, 1, 2, 2]


def test_a_group_is_drawn_by_its_share_not_by_its_number(tmp_path: Path) -> None:
    for i in range(8):
        Image.new("L", (16, 16), i).save(tmp_path / f"many_{i}.png")
    Image.new("L", (16, 16), 255).save(tmp_path / "few_0.png")
    settings = ArbitrarySettings(shares=("many:0.1", "few:0.3"))
    styles = Styles(open_pictures(tmp_path), settings)
    random = np.random.default_rng(0)
    light = [styles.crop(random, 8).mean() > 128 for _ in range(200)]
    assert 0.65 < np.mean(light) < 0.85
    # Held out may be none of the groups that are drawn: then all are.
    apart = Styles(open_pictures(tmp_path), ArbitrarySettings(shares=("other:0", "more:1")))
    assert 0 < np.mean([apart.crop(random, 8).mean() > 128 for _ in range(50)]) < 1


@pytest.mark.parametrize(
    ("shares", "message"),
    [
        (("mony:0.3",), 'no such group of styles. Did you mean "many"? There are: few, many.'),
        (("other:0",), "All groups of styles have a share of 0"),
        (("many:0", "few:0"), "All groups of styles have a share of 0"),
    ],
)
def test_shares_that_draw_nothing_are_refused(shares: tuple[str, ...], message: str) -> None:
    with pytest.raises(SettingError, match=re.escape(message)):
        check_shares(ArbitrarySettings(shares=shares), {"many", "few"})
    held_out = ArbitrarySettings(shares=("many:1", "few:0", "pattern:0"))
    check_shares(held_out, {"many"}, {"few"})  # one that has none but pictures held out


def test_both_folders_are_needed(tmp_path: Path) -> None:
    named = ArbitrarySettings(data=tmp_path / "photos", styles=tmp_path / "paintings")
    assert folders_of(named) == (tmp_path / "photos", tmp_path / "paintings")
    for missing in ({"data": tmp_path}, {"styles": tmp_path}):
        with pytest.raises(TrainingError, match="--data FOLDER --styles FOLDER"):
            folders_of(ArbitrarySettings(**missing))  # type: ignore[arg-type]


def test_it_goes_on_from_the_painter(settings: ArbitrarySettings) -> None:
    recipe = ArbitraryRecipe(replace(settings, fine_tune="painter"), CPU)
    shipped = painter("painter").state_dict()
    for name, weights in recipe.network.state_dict().items():
        assert torch.equal(weights, shipped[name])
