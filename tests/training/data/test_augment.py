"""Crops have the size asked for, follow from the seed, and change only as switched on."""

from typing import Any

import numpy as np
import pytest

from impasto.settings.augmentation import AugmentationSettings
from impasto.training.data.augment import Pixels, augmented_crop, recolored

PLAIN: dict[str, Any] = {"flip": False, "crop_scale_min": 1, "crop_scale_max": 1}


def picture(height: int = 48, width: int = 64) -> Pixels:
    return np.random.default_rng(3).integers(0, 256, (height, width, 3)).astype(np.uint8)


def crop(seed: int, size: int = 16, whole: Pixels | None = None, **changes: Any) -> Pixels:
    settings = AugmentationSettings(**{**PLAIN, **changes})
    whole = picture() if whole is None else whole
    return augmented_crop(whole, size, settings, np.random.default_rng(seed))


def test_a_plain_crop_is_cut_out_unchanged() -> None:
    whole, cut = picture(), crop(0)
    places = np.lib.stride_tricks.sliding_window_view(whole, (16, 16, 3))[:, :, 0]
    assert (places == cut).all(axis=(2, 3, 4)).any()


@pytest.mark.parametrize("size", [8, 48, 100])
@pytest.mark.parametrize("rotate", [0, 10, 180])
def test_any_crop_has_its_size(size: int, rotate: float) -> None:
    for seed in range(8):
        made = crop(seed, size, rotate=rotate, crop_scale_max=3, brightness=0.3)
        assert made.shape == (size, size, 3) and made.dtype == np.uint8


def test_a_picture_of_one_row_can_be_cropped() -> None:
    assert crop(0, 16, picture(1, 90), rotate=45).shape == (16, 16, 3)


def test_the_seed_decides_and_nothing_else() -> None:
    every: dict[str, Any] = {
        "flip": True,
        "rotate": 20,
        "brightness": 0.2,
        "contrast": 0.2,
        "saturation": 0.2,
    }
    assert (crop(5, **every) == crop(5, **every)).all()
    assert (crop(5, **every) != crop(6, **every)).any()


@pytest.mark.parametrize(("switch", "axis"), [("flip", 1), ("flip_vertical", 0)])
def test_flips_mirror_half_of_the_crops_and_leave_the_place(switch: str, axis: int) -> None:
    mirrored = 0
    for seed in range(40):
        change: dict[str, Any] = {switch: True}
        plain, made = crop(seed), crop(seed, **change)
        is_mirrored = bool((np.flip(plain, axis) == made).all())
        assert is_mirrored or (plain == made).all()
        mirrored += is_mirrored
    assert 10 <= mirrored <= 30


def test_a_turned_crop_has_no_empty_corners() -> None:
    white = np.full((64, 64, 3), 255, np.uint8)
    assert all((crop(seed, 24, white, rotate=45) == 255).all() for seed in range(20))


def test_a_turned_crop_has_turned() -> None:
    rows = np.broadcast_to(np.arange(64, dtype=np.uint8)[:, None, None] * 4, (64, 64, 3)).copy()
    _, across = np.gradient(crop(1, 24, rows, rotate=180)[..., 0].astype(float))
    assert abs(across.mean()) > 0.05  # it ran straight down before


def test_factors_of_one_change_nothing() -> None:
    assert (recolored(picture(), 1, 1, 1) == picture()).all()


def test_brightness_multiplies_and_contrast_and_saturation_keep_the_mean() -> None:
    middle = (picture() // 4 + 96).astype(np.uint8)
    assert np.allclose(recolored(middle, 0.5, 1, 1), middle * 0.5, atol=0.51)
    for changed in (recolored(middle, 1, 0.5, 1), recolored(middle, 1, 1, 0.5)):
        assert abs(changed.mean() - middle.mean()) < 1
        assert changed.std() < middle.std()


def test_without_saturation_a_picture_is_grey() -> None:
    grey = recolored(picture(), 1, 1, 0)
    assert (np.ptp(grey, axis=2) <= 1).all()
