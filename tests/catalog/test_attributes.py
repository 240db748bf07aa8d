"""Measures agree with what anybody sees."""

import numpy as np
import pytest

from impasto.catalog.attributes import colorfulness, measure, shape_of
from impasto.images.resize import FloatPicture


def flat(*rgb: float) -> FloatPicture:
    return np.broadcast_to(np.array(rgb, np.float32), (16, 16, 3)).copy()


@pytest.mark.parametrize(
    ("rgb", "hue"),
    [
        ((0.8, 0.1, 0.1), "red"),
        ((0.95, 0.6, 0.1), "orange"),
        ((0.9, 0.9, 0.1), "yellow"),
        ((0.1, 0.6, 0.2), "green"),
        ((0.1, 0.7, 0.75), "cyan"),
        ((0.1, 0.3, 0.8), "blue"),
        ((0.5, 0.1, 0.7), "purple"),
        ((0.9, 0.3, 0.6), "pink"),
        ((0.5, 0.5, 0.5), "grey"),
    ],
)
def test_colors_have_their_names(rgb: tuple[float, ...], hue: str) -> None:
    assert measure(flat(*rgb)).hue == hue


def test_one_color_has_no_contrast_and_no_detail() -> None:
    measures = measure(flat(0.2, 0.5, 0.7))
    assert measures.contrast == 0 and measures.detail == 0
    assert measures.words()["detail"] == "smooth"


def test_colors_of_one_lightness_are_a_contrast() -> None:
    halves = flat(0.8, 0.3, 0.3)
    halves[:, 8:] = (0.1, 0.5, 0.5)
    assert measure(halves).contrast > 0.1


def test_noise_is_busy_and_grey_is_not_colorful() -> None:
    noise = np.random.default_rng(0).random((32, 32, 3), np.float32)
    assert measure(noise).words()["detail"] == "busy"
    assert colorfulness(noise) > 0.5
    assert colorfulness(noise[..., :1].repeat(3, 2)) == 0


def test_black_is_dark_and_white_is_bright() -> None:
    assert measure(flat(0, 0, 0)).words()["light"] == "dark"
    assert measure(flat(1, 1, 1)).words()["light"] == "bright"


def test_shapes() -> None:
    assert [shape_of(3, 4), shape_of(4, 3), shape_of(100, 101)] == [
        "landscape", "portrait", "square"
    ]  # fmt: skip
