"""What is drawn follows from the seed and the picture alone."""

from pathlib import Path

import pytest

from impasto.batch.copies import draw
from impasto.settings.augment import AugmentSettings

PICTURES = [Path(f"cat/{number}.jpg") for number in range(200)]
STYLES = ["a", "b", "c", "d"]


def test_order_and_other_pictures_change_nothing() -> None:
    settings = AugmentSettings(copies=3)
    forward = set(draw(PICTURES, STYLES, settings))
    assert set(draw(PICTURES[::-1], STYLES, settings)) == forward
    assert set(draw(PICTURES[:5], STYLES, settings)) < forward


def test_names_are_unique_and_stay_in_their_folder() -> None:
    copies = list(draw(PICTURES, STYLES, AugmentSettings(copies=3)))
    assert len({copy.output for copy in copies}) == 600
    assert copies[1].output == Path("cat/0.painted-2.jpg")


def test_all_styles_and_the_whole_range_are_drawn() -> None:
    copies = list(draw(PICTURES, STYLES, AugmentSettings(strength="0.5..0.75")))
    assert {copy.style for copy in copies} == set(STYLES)
    strengths = [copy.strength for copy in copies]
    assert min(strengths) == pytest.approx(0.5, abs=0.01)
    assert max(strengths) == pytest.approx(0.75, abs=0.01)
    assert len(set(strengths)) > 100


def test_another_seed_draws_anew() -> None:
    first = [copy.style for copy in draw(PICTURES, STYLES, AugmentSettings(seed=1))]
    second = [copy.style for copy in draw(PICTURES, STYLES, AugmentSettings(seed=2))]
    same = sum(a == b for a, b in zip(first, second, strict=True)) / len(first)
    assert 0.15 < same < 0.35


def test_one_strength_is_every_strength() -> None:
    copies = draw(PICTURES, STYLES, AugmentSettings(strength="0.7"))
    assert {copy.strength for copy in copies} == {0.7}
