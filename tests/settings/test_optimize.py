"""The settings of an optimisation: what is typed, what the preset says, what is refused."""

from typing import Any

import pytest

from impasto.errors import SettingError
from impasto.settings.fields import settings_of
from impasto.settings.optimize import OptimizeSettings
from impasto.settings.presets import PRESETS
from impasto.settings.schema import from_toml, to_toml


@pytest.mark.parametrize("name", PRESETS)
def test_without_anything_typed_the_plan_is_the_preset(name: str) -> None:
    assert OptimizeSettings(preset=name).plan() == PRESETS[name]  # type: ignore[arg-type]


@pytest.mark.parametrize("preset", ["standard", "gatys2016", "texture"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("encoder", "vgg16"),
        ("criterion", "gram"),
        ("content_loss", "features"),
        ("optimizer", "lbfgs"),
        ("rate", 0.2),
        ("init", "noise"),
        ("variation", 0.0),
        ("size", 700),
    ],
)
def test_what_is_typed_wins(preset: Any, name: str, value: Any) -> None:
    typed: dict[str, Any] = {name: value}
    plan = OptimizeSettings(preset=preset, **typed).plan()
    assert getattr(plan, name) == value
    assert {k: v for k, v in vars(plan).items() if k != name} == {
        k: v for k, v in vars(PRESETS[preset]).items() if k != name
    }


def test_layers_have_weights() -> None:
    plan = OptimizeSettings(
        style_layers=("relu1_1", "relu2_1:0.5", "relu3_1:0"), content_layers=("relu4_2:2",)
    ).plan()
    assert plan.style_layers == {"relu1_1": 1.0, "relu2_1": 0.5, "relu3_1": 0.0}
    assert plan.content_layers == {"relu4_2": 2.0}


@pytest.mark.parametrize(
    "word", ["", ":1", "relu1_1:", "relu1_1:-1", "relu1_1:x", "a:inf", "a:nan"]
)
@pytest.mark.parametrize("option", ["style_layers", "content_layers"])
def test_a_layer_is_a_name_and_a_weight(option: str, word: str) -> None:
    words: dict[str, Any] = {option: (word,)}
    with pytest.raises(SettingError, match=r"A layer is a name.*relu3_1:0\.5"):
        OptimizeSettings(**words)


@pytest.mark.parametrize("text", ["", "0", "0s", "-3m", "ten", "1d", "1h30m", "s", "1e3"])
def test_other_times_are_refused(text: str) -> None:
    with pytest.raises(SettingError, match=r"--time must be a time as 90s, 10m or 1\.5h"):
        OptimizeSettings(time=text)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("strength", -0.1),
        ("strength", 101),
        ("size", 31),
        ("strokes", 5),
        ("steps", 0),
        ("rate", 0),
        ("block", 64),
        ("seed", -1),
        ("criterion", "grams"),
        ("content_loss", "pixels"),
        ("optimizer", "sgd"),
        ("preset", "large"),
        ("tolerance", 101),
        ("precision", "f16"),
        ("strength", float("nan")),
    ],
)
def test_values_out_of_range_are_refused(name: str, value: Any) -> None:
    typed: dict[str, Any] = {name: value}
    with pytest.raises(SettingError, match=f"--{name.replace('_', '-')}"):
        OptimizeSettings(**typed)


def test_every_setting_has_sentences_of_help() -> None:
    assert all(one.help.endswith(".") for one in settings_of(OptimizeSettings))


def test_they_go_to_toml_and_back() -> None:
    settings = OptimizeSettings(
        style=("a.jpg:0.7", "b.jpg"), preset="print", time="10m", style_layers=("relu1_1:0.5",)
    )
    assert from_toml(OptimizeSettings, to_toml(settings)) == settings
