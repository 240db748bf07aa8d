"""``--region`` and ``--select`` as they are written."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from impasto.errors import UnknownStyle, UsageError
from impasto.images.source import Source, open_picture
from impasto.methods.base import Region
from impasto.methods.fast import FastStylizer
from impasto.methods.region_words import regions_from, split_region
from impasto.provenance.cards import StyleCard
from impasto.settings.stylize import StylizeSettings
from impasto.styles.style import Style
from impasto.styles.words import StyleWord, Words, words_of


@pytest.fixture
def source() -> Source:
    pixels = np.full((40, 60, 3), 230, np.uint8)
    pixels[:, :30] = 20
    return open_picture(pixels)


def regions(stylizer: FastStylizer, source: Source, **given: Any) -> list[Region]:
    return regions_from(StylizeSettings(feather=0.0, **given), stylizer, source)


def test_a_region_is_a_mask_a_style_and_a_weight() -> None:
    assert split_region("sky.png=great-wave") == ("sky.png", StyleWord("great-wave"))
    assert split_region("not:5,5=photo:0.5") == ("not:5,5", StyleWord("photo", 0.5))


def test_paths_may_hold_the_sign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Image.new("RGB", (9, 9)).save("my=style.png")
    assert split_region("a=b.png=great-wave") == ("a=b.png", StyleWord("great-wave"))
    assert split_region("sky.png=my=style.png") == ("sky.png", StyleWord("my=style.png"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sky.png", "needs a mask and a style"),
        ("sky.png=", "style is empty"),
        ("all=great-wave:1.5", "between 0 and 1, got 1.5"),
    ],
)
def test_what_is_no_region_is_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        split_region(text)


def test_an_unknown_style_has_a_near_one(stylizer: FastStylizer, source: Source) -> None:
    with pytest.raises(UnknownStyle, match='Did you mean "great-wave"'):
        regions(stylizer, source, region=("sky.png=great-wav",))


def test_regions_come_in_order(stylizer: FastStylizer, source: Source) -> None:
    first, second = regions(stylizer, source, region=("all=great-wave:0.5", "5,5=photo"))
    assert first.style is not None and first.style.name == "great-wave"
    assert first.weight == 0.5 and first.mask.plane.min() == 1
    assert second.style is None
    assert second.mask.plane[:, :25].min() > 0.9 and second.mask.plane[:, 35:].max() < 0.1


def test_what_is_not_selected_stays_photo(stylizer: FastStylizer, source: Source) -> None:
    (rest,) = regions(stylizer, source, select=("5,5",))
    assert rest.style is None
    assert rest.mask.plane[:, :25].max() < 0.1 and rest.mask.plane[:, 35:].min() > 0.9


def test_a_point_outside_is_refused(stylizer: FastStylizer, source: Source) -> None:
    with pytest.raises(UsageError, match="60,0 is not inside array, which has 60 x 40 pixels"):
        regions(stylizer, source, select=("60,0",))


def test_any_method_that_knows_style_words_will_do(source: Source) -> None:
    class Opener:
        def style(self, words: Words) -> Style:
            return Style(np.zeros(1, np.float32), "", StyleCard(words_of(words)[0]))

    settings = StylizeSettings(region=("5,5=great-wave",))
    (region,) = regions_from(settings, Opener(), source)
    assert region.style is not None and region.style.name == "great-wave"
