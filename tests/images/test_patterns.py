"""Procedural patterns: seeded, in range, in colour, rich in detail."""

import re

import numpy as np
import pytest

from impasto.errors import UnknownStyle
from impasto.images.patterns import PALETTES, PATTERNS, render
from impasto.images.patterns_ground import parse_colors, vary_colors

SIZE = 64
each_pattern = pytest.mark.parametrize("name", sorted(PATTERNS))


@each_pattern
def test_same_seed_gives_the_same_picture_and_another_seed_another(name: str) -> None:
    picture = render(name, 3, SIZE)
    assert np.array_equal(picture, render(name, 3, SIZE))
    assert np.abs(picture - render(name, 4, SIZE)).mean() > 0.02


@each_pattern
def test_picture_is_float_rgb_in_range_and_finite(name: str) -> None:
    picture = render(name, 1, SIZE)
    assert picture.dtype == np.float32
    assert picture.shape == (SIZE, SIZE, 3)
    assert np.isfinite(picture).all()
    assert picture.min() >= 0 and picture.max() <= 1


@each_pattern
def test_palette_seed_changes_colors_but_not_the_composition(name: str) -> None:
    own = render(name, 5, SIZE)
    varied = render(name, 5, SIZE, palette_seed=8)
    assert np.array_equal(varied, render(name, 5, SIZE, palette_seed=8))
    assert np.abs(own - varied).mean() > 0.01
    # Light and dark keep their places.
    assert np.corrcoef(own.mean(-1).ravel(), varied.mean(-1).ravel())[0, 1] > 0.6


@each_pattern
def test_every_part_of_the_picture_has_texture(name: str) -> None:
    tone = render(name, 2, SIZE).mean(-1)
    quarters = tone.reshape(2, SIZE // 2, 2, SIZE // 2).std(axis=(1, 3))
    assert quarters.min() > 0.015


@each_pattern
def test_name_is_kebab_case_with_a_hyphen(name: str) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", name)


def test_every_pattern_has_a_palette_from_several_colors() -> None:
    assert PALETTES.keys() == PATTERNS.keys()
    assert all(len(parse_colors(words)) >= 5 for words in PALETTES.values())


def test_odd_and_small_sizes_are_drawn() -> None:
    assert render("stained-glass", 1, 61).shape == (61, 61, 3)
    assert render("kilim-weave", 1, 33).shape == (33, 33, 3)


def test_unknown_pattern_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UnknownStyle, match='Did you mean "roman-mosaic"'):
        render("roman-mosiac", 1, SIZE)


def test_varied_colors_keep_the_order_of_light_and_dark() -> None:
    colors = parse_colors("101010 803030 f0f0e0")
    varied = vary_colors(colors, np.random.default_rng(2))
    assert varied.shape == colors.shape
    assert varied.mean(-1).tolist() == sorted(varied.mean(-1).tolist())
