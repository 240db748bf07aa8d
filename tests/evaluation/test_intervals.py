"""Intervals hold the true mean about as often as they say, and are the same every time."""

import math

import numpy as np

from impasto.evaluation.intervals import bootstrap


def test_intervals_cover_the_truth_about_as_often_as_they_say() -> None:
    random = np.random.default_rng(0)
    found = [bootstrap(list(random.normal(3, 1, 40))) for _ in range(60)]
    covered = sum(one is not None and one.low <= 3 <= one.high for one in found)
    assert 52 <= covered <= 60


def test_more_values_make_it_narrower() -> None:
    values = list(np.random.default_rng(0).normal(size=400))
    few, many = bootstrap(values[:40]), bootstrap(values)
    assert few is not None and many is not None
    assert many.high - many.low < (few.high - few.low) / 2
    assert few.low < few.mean < few.high


def test_the_same_seed_gives_the_same_interval() -> None:
    values = list(np.random.default_rng(0).normal(size=9))
    assert bootstrap(values, 1) == bootstrap(values, 1) != bootstrap(values, 2)


def test_what_is_not_finite_is_left_out() -> None:
    assert bootstrap([]) is None and bootstrap([math.nan]) is None
    one = bootstrap([math.nan, 5.0])
    assert one is not None and (one.mean, one.low, one.high, one.n) == (5, 5, 5, 1)
