"""The recipes: their names, what they add, what they change."""

import pytest

from impasto.errors import SettingError
from impasto.settings.fields import settings_of
from impasto.settings.recipes import (
    RECIPES,
    ArbitrarySettings,
    PersonalSettings,
    StyleSettings,
    name_of,
)
from impasto.settings.training import TrainingSettings


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_knows_its_name_and_has_all_common_fields(name: str) -> None:
    kind = RECIPES[name]
    assert name_of(kind()) == name
    common = {one.name for one in settings_of(TrainingSettings)}
    assert common < {one.name for one in settings_of(kind)}


def test_what_a_recipe_adds_comes_first() -> None:
    assert settings_of(StyleSettings)[0].name == "painting"


def test_a_default_may_differ_and_keeps_its_range() -> None:
    assert PersonalSettings().fine_tune == "painter" and StyleSettings().fine_tune is None
    with pytest.raises(SettingError, match="--learning-rate"):
        ArbitrarySettings(learning_rate=2)


def test_shares_are_by_group() -> None:
    settings = ArbitrarySettings(shares=("monet:0.3", "other:0.02"))
    assert (settings.share_of("monet"), settings.share_of("dtd")) == (0.3, 0.02)
    assert ArbitrarySettings().share_of("monet") == 0.1


@pytest.mark.parametrize("word", ["monet", "monet:much", ":0.1", "monet:-1", "monet:nan"])
def test_other_shares_are_refused(word: str) -> None:
    with pytest.raises(SettingError, match=r"as monet:0\.15"):
        ArbitrarySettings(shares=(word,))
