"""The settings that every method has are the same for each of them."""

from typing import Any

import pytest

from impasto.errors import SettingError
from impasto.settings.fields import settings_of
from impasto.settings.optimize import OptimizeSettings
from impasto.settings.picture import PictureSettings
from impasto.settings.stylize import StylizeSettings

METHODS = pytest.mark.parametrize("method", [StylizeSettings, OptimizeSettings])


@METHODS
def test_every_method_has_them(method: type[PictureSettings]) -> None:
    assert issubclass(method, PictureSettings)
    own = {one.name: one for one in settings_of(method)}
    assert all(own[one.name] == one for one in settings_of(PictureSettings))


@METHODS
def test_a_palette_means_palette_colors(method: type[PictureSettings]) -> None:
    assert method(palette=("navy", "gold")).colors == "palette"


@METHODS
@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"colors": "palette"}, "--colors palette needs --palette"),
        ({"colors": "match", "palette": ("navy",)}, "exclude each other"),
        ({"feather": 51}, "--feather must be between 0 and 50"),
        ({"quality": 0}, "--quality"),
        ({"depth": "12"}, "--depth"),
        ({"profile": "adobe"}, "--profile"),
    ],
)
def test_what_cannot_be_is_refused(
    method: type[PictureSettings], values: dict[str, Any], message: str
) -> None:
    with pytest.raises(SettingError, match=message):
        method(**values)
