"""The settings of a stylization refuse what cannot be painted."""

import pytest

from impasto.errors import SettingError
from impasto.settings.fields import settings_of
from impasto.settings.stylize import StylizeSettings


def test_the_defaults_are_allowed() -> None:
    settings = StylizeSettings()
    assert (settings.strength, settings.colors, settings.size) == (1.0, "style", None)


def test_every_setting_has_one_sentence_of_help() -> None:
    assert all(one.help.endswith(".") for one in settings_of(StylizeSettings))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("strength", -0.1),
        ("size", 7),
        ("quality", 101),
        ("colors", "mine"),
        ("threads", -1),
        ("color_strength", 1.1),
    ],
)
def test_values_out_of_range_are_refused(name: str, value: object) -> None:
    with pytest.raises(SettingError, match=f"--{name.replace('_', '-')}"):
        StylizeSettings(**{name: value})  # type: ignore[arg-type]


def test_a_palette_means_palette_colors() -> None:
    assert StylizeSettings(palette=("navy,gold",)).colors == "palette"


@pytest.mark.parametrize(
    "values",
    [{"colors": "palette"}, {"colors": "match", "palette": "navy"}],
)
def test_a_palette_is_there_where_it_is_used(values: dict[str, str]) -> None:
    with pytest.raises(SettingError, match="--palette"):
        StylizeSettings(**values)  # type: ignore[arg-type]
