"""What every recipe has in common."""

from typing import Any

import pytest

from impasto.errors import SettingError
from impasto.settings.fields import settings_of
from impasto.settings.training import TrainingSettings


def test_a_budget_is_a_time() -> None:
    assert TrainingSettings().budget_s is None
    assert TrainingSettings(budget="15m").budget_s == 900
    with pytest.raises(SettingError, match="--budget must be a time"):
        TrainingSettings(budget="soon")


@pytest.mark.parametrize(
    ("field", "value", "flag"),
    [
        ("steps", 0, "--steps"),
        ("average", 1.0, "--average"),
        ("learning_rate", 0.0, "--learning-rate"),
        ("precision", "f64", "--precision"),
        ("style_layers", (), "--style-layers"),
        ("fine_tune", 3, "--fine-tune"),
    ],
)
def test_what_is_out_of_range_is_named(field: str, value: Any, flag: str) -> None:
    with pytest.raises(SettingError, match=flag):
        TrainingSettings(**{field: value})


def test_the_ways_pictures_are_varied_come_last() -> None:
    names = [one.name for one in settings_of(TrainingSettings)]
    assert names.index("data") < names.index("seed") < names.index("crop_scale_min")
