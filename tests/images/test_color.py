"""Luminance and chroma come apart and together exactly; Lab agrees with scikit-image."""

import numpy as np
from skimage import color as reference

from impasto.images.color import (
    into_gamut,
    keep_chroma,
    lab_to_rgb,
    linear_to_srgb,
    luminance,
    oklab_to_rgb,
    rgb_to_lab,
    rgb_to_oklab,
    srgb_to_linear,
)


def _random(seed: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.random.default_rng(seed).random((9, 11, 3), dtype=np.float32)


def test_a_picture_with_its_own_chroma_is_itself() -> None:
    picture = _random(0)
    assert np.abs(keep_chroma(picture, picture) - picture).max() < 1e-6


def test_the_luminance_is_the_painted_one_even_at_the_edge_of_the_gamut() -> None:
    content, painted = _random(1), _random(2)
    result = keep_chroma(content, painted)
    assert np.abs(luminance(result) - luminance(painted)).max() < 1e-6
    assert result.min() >= 0 and result.max() <= 1 and result.dtype == np.float32


def test_the_chroma_keeps_its_direction() -> None:
    content, painted = _random(3), _random(4)
    result = keep_chroma(content, painted)
    before = content - luminance(content)[..., None]
    after = result - luminance(result)[..., None]
    assert np.abs(np.cross(before, after)).max() < 1e-6
    assert (before * after).sum(axis=-1).min() >= -1e-6


def test_grey_content_gives_grey() -> None:
    result = keep_chroma(np.full((9, 11, 3), 0.5, np.float32), _random(5))
    assert np.ptp(result, axis=-1).max() < 1e-6


def test_black_and_white_stay_black_and_white() -> None:
    for value in (0.0, 1.0):
        painted = np.full((9, 11, 3), value, np.float32)
        assert np.abs(keep_chroma(_random(6), painted) - value).max() < 1e-6


def test_each_pixel_stands_alone() -> None:
    content, painted = _random(7), _random(8)
    part = keep_chroma(content[2:5, 3:9], painted[2:5, 3:9])
    assert np.array_equal(part, keep_chroma(content, painted)[2:5, 3:9])


def test_linear_light_is_the_inverse() -> None:
    values = np.linspace(0, 1, 257)
    assert np.abs(linear_to_srgb(srgb_to_linear(values)) - values).max() < 1e-6


def test_lab_agrees_with_the_reference_and_back() -> None:
    picture = _random(9).astype(np.float64)
    lab = rgb_to_lab(picture)
    assert np.abs(lab - reference.rgb2lab(picture)).max() < 0.02
    assert np.abs(lab_to_rgb(lab) - picture).max() < 1e-6


def test_colors_inside_the_gamut_stay_bit_for_bit() -> None:
    assert np.array_equal(into_gamut(_random(10)), _random(10))
    grid = np.stack(np.meshgrid([0, 1], [0, 1], [0, 1]), -1).astype(np.float32)
    assert np.array_equal(into_gamut(grid), grid)


def test_colors_outside_keep_luminance_and_hue() -> None:
    outside = 3 * _random(11) - 1
    result = into_gamut(outside)
    luma = np.clip(luminance(outside), 0, 1)
    assert result.min() >= 0 and result.max() <= 1
    assert np.abs(luminance(result) - luma).max() < 1e-6
    chroma, kept = (one - luma[..., None] for one in (outside, result))
    inside = (luma > 0) & (luma < 1)
    assert np.abs(np.cross(chroma, kept)[inside]).max() < 1e-6


def test_oklab_comes_back_and_knows_the_published_red() -> None:
    picture = _random(12).astype(np.float64)
    assert np.abs(oklab_to_rgb(rgb_to_oklab(picture)) - picture).max() < 1e-4
    assert np.abs(rgb_to_oklab([1.0, 0.0, 0.0]) - [0.62796, 0.22486, 0.12585]).max() < 1e-4


def test_oklab_beyond_the_gamut_keeps_its_lightness() -> None:
    lab = np.stack(np.meshgrid([0.2, 0.5, 0.8], [-0.5, 0.4], [-0.5, 0.4]), -1)
    back = rgb_to_oklab(oklab_to_rgb(lab))
    assert np.abs(back[..., 0] - lab[..., 0]).max() < 1e-3
    turned = back[..., 1] * lab[..., 2] - back[..., 2] * lab[..., 1]
    assert np.abs(turned).max() < 1e-3
