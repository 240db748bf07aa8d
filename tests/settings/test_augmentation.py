"""How crops are varied is checked as it is set."""

import pytest

from impasto.errors import SettingError
from impasto.settings.augmentation import AugmentationSettings


def test_the_smallest_square_may_not_exceed_the_largest() -> None:
    with pytest.raises(SettingError, match="--crop-scale-min"):
        AugmentationSettings(crop_scale_min=2, crop_scale_max=1)


def test_a_value_out_of_range_names_its_option() -> None:
    with pytest.raises(SettingError, match="--rotate"):
        AugmentationSettings(rotate=200)
