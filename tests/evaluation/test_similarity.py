"""Pixel metrics: what equal pictures give, exact values of flat ones, and the reference."""

import math

import numpy as np
import pytest
from skimage import data
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from impasto.evaluation.similarity import Picture, luminance, ms_ssim, psnr, ssim


def flat(value: int, side: int = 176) -> Picture:
    """Return a gray picture."""
    return np.full((side, side, 3), value, np.uint8)


def noisy(picture: Picture, strength: float) -> Picture:
    """Return a picture with noise over it."""
    noise = np.random.default_rng(0).normal(0, strength, picture.shape)
    return np.asarray((picture + noise).clip(0, 255), np.uint8)


PHOTO: Picture = data.astronaut()[100:300, 100:320]  # type: ignore[no-untyped-call]


def test_equal_pictures_are_alike_in_every_way() -> None:
    assert (psnr(PHOTO, PHOTO), ssim(PHOTO, PHOTO), ms_ssim(PHOTO, PHOTO)) == (100.0, 1.0, 1.0)


@pytest.mark.parametrize("strength", [4, 40])
def test_ssim_and_psnr_are_those_of_scikit_image(strength: float) -> None:
    other = noisy(PHOTO, strength)
    planes = luminance(other), luminance(PHOTO)
    expected = structural_similarity(*planes)  # type: ignore[no-untyped-call]
    assert ssim(other, PHOTO) == pytest.approx(expected)
    expected = peak_signal_noise_ratio(PHOTO, other)  # type: ignore[no-untyped-call]
    assert psnr(other, PHOTO) == pytest.approx(expected)


def test_one_level_of_difference_has_a_known_psnr() -> None:
    assert psnr(flat(100), flat(101)) == pytest.approx(20 * math.log10(255))


def test_of_flat_pictures_only_the_light_at_the_coarsest_scale_differs() -> None:
    c1 = (0.01 * 255) ** 2
    light = (2 * 60 * 120 + c1) / (60**2 + 120**2 + c1)
    assert ms_ssim(flat(60), flat(120)) == pytest.approx(light**0.1333)


def test_noise_lowers_ms_ssim_the_more_the_stronger_it_is() -> None:
    values = [ms_ssim(noisy(PHOTO, strength), PHOTO) for strength in (2, 10, 50)]
    assert 1 > values[0] > values[1] > values[2] > 0
    assert ms_ssim(PHOTO, noisy(PHOTO, 10)) == pytest.approx(values[1])


def test_ms_ssim_forgives_fine_noise_that_ssim_does_not() -> None:
    assert ms_ssim(noisy(PHOTO, 20), PHOTO) > ssim(noisy(PHOTO, 20), PHOTO)


def test_a_negative_has_no_similarity_left() -> None:
    assert ms_ssim(255 - PHOTO, PHOTO) < 0.05


def test_pictures_too_small_for_a_window_have_no_number() -> None:
    assert math.isnan(ms_ssim(flat(1, 175), flat(1, 175)))
    assert math.isnan(ssim(flat(1, 6), flat(1, 6)))
