"""Strengths are one number or a range within what can be painted."""

import pytest

from impasto.errors import SettingError
from impasto.settings.augment import AugmentSettings
from impasto.settings.fields import settings_of
from impasto.settings.stylize import StylizeSettings


@pytest.mark.parametrize(
    ("text", "low", "high"), [("0.4..1", 0.4, 1), ("1", 1, 1), (".5...8", 0.5, 0.8), ("0..2", 0, 2)]
)
def test_strengths_are_read(text: str, low: float, high: float) -> None:
    assert AugmentSettings(strength=text).strengths == (low, high)


@pytest.mark.parametrize("text", ["", "x", "1..", "1..0.5", "0..3", "-1..1", "0.4-1"])
def test_other_strengths_are_refused(text: str) -> None:
    with pytest.raises(SettingError, match="--strength"):
        AugmentSettings(strength=text)


def test_what_both_commands_have_is_the_same_setting() -> None:
    ours = {one.name: one for one in settings_of(AugmentSettings)}
    theirs = {one.name: one for one in settings_of(StylizeSettings)}
    for name in ours.keys() & theirs.keys() - {"strength"}:
        assert ours[name] == theirs[name]
