"""Pictures that need no folder."""

import numpy as np

from impasto.images.patterns import PATTERNS
from impasto.training.data.own import patterns, photos


def test_patterns_are_rendered_when_asked_and_alike_each_time() -> None:
    made = patterns([0, 1], size=32)
    assert len(made) == 2 * len(PATTERNS) and set(made.groups) == {"pattern"}
    assert made[0].shape == (32, 32, 3) and made[0].dtype == np.uint8
    assert np.array_equal(made[0], patterns([0], size=32)[0])
    assert not np.array_equal(made[0], made[len(PATTERNS)])


def test_photos_are_pictures_and_join_others() -> None:
    found = photos() + patterns([0], size=32)
    assert found.names[0] == "photo/astronaut" and found[0].shape[2] == 3
    assert found.fingerprint != photos().fingerprint
