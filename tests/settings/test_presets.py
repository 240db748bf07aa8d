"""Presets are whole, and those of the literature have its numbers."""

from typing import get_args, get_type_hints

import pytest

from impasto.settings.optimize import OptimizeSettings
from impasto.settings.presets import PRESETS, Criterion


def test_every_preset_can_be_chosen() -> None:
    choices = get_args(get_type_hints(OptimizeSettings)["preset"])
    assert tuple(PRESETS) == choices


@pytest.mark.parametrize("name", PRESETS)
def test_presets_are_whole(name: str) -> None:
    plan = PRESETS[name]
    assert plan.style_layers and all(weight > 0 for weight in plan.style_layers.values())
    assert plan.criterion in get_args(Criterion)
    assert 1 <= plan.content_levels <= plan.levels
    assert plan.growth > 1 and plan.first >= plan.least >= 1 and plan.rate > 0
    assert plan.size is None or plan.size >= plan.smallest


def test_gatys_2016_is_as_published() -> None:
    plan = PRESETS["gatys2016"]
    assert plan.style_layers == {
        "relu1_1": 1e3 / 64**2,
        "relu2_1": 1e3 / 128**2,
        "relu3_1": 1e3 / 256**2,
        "relu4_1": 1e3 / 512**2,
        "relu5_1": 1e3 / 512**2,
    }
    assert plan.content_layers == {"relu4_2": 1.0} and plan.content_weight == 1
    assert (plan.criterion, plan.content_loss, plan.levels) == ("gatys", "plain", 1)
    assert (plan.optimizer, plan.first, plan.pooling) == ("lbfgs", 500, "average")
    assert plan.variation == 0 and plan.init == "content"


def test_gatys_2017_takes_it_to_twice_the_size() -> None:
    one, two = PRESETS["gatys2016"], PRESETS["gatys2017"]
    changed = {k for k, v in vars(two).items() if v != vars(one)[k]}
    assert changed == {"size", "growth", "by_area", "decline"}
    assert two.size == 2 * (one.size or 0)


def test_johnsons_weighs_content_5_and_style_100() -> None:
    plan = PRESETS["johnson-cli"]
    assert plan.content_weight == 5 and plan.style_layers["relu1_1"] == 100 / 64**2
    assert (plan.first, plan.init, plan.pooling) == (1000, "noise", "max")
    assert plan.variation == 1e-3 and plan.squared_variation


def test_a_texture_has_no_content() -> None:
    plan = PRESETS["texture"]
    assert not plan.content_layers and plan.content_weight == 0 and plan.init == "noise"


def test_a_draft_has_fewer_steps_and_a_print_its_photos_size() -> None:
    draft, standard = PRESETS["draft"], PRESETS["standard"]
    assert draft.first < standard.first and draft.growth > standard.growth
    assert PRESETS["print"].size is None
