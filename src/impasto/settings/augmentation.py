"""How pictures are varied while a network learns; every recipe inherits these fields."""

from dataclasses import dataclass

from impasto.errors import SettingError
from impasto.settings.fields import check, setting


@dataclass(frozen=True)
class AugmentationSettings:
    """What is drawn anew for every crop; a value of 0, or false, switches that kind off.

    Raises SettingError when a value is out of range.
    """

    crop_scale_min: float = setting(
        1.0, "Smallest square that is cut out, in sides of the crop.", minimum=0.25, maximum=8
    )
    crop_scale_max: float = setting(
        2.0, "Largest square that is cut out, in sides of the crop.", minimum=0.25, maximum=8
    )
    flip: bool = setting(True, "Mirror every second crop, left to right.")
    flip_vertical: bool = setting(False, "Mirror every second crop, top to bottom.")
    rotate: float = setting(
        0.0,
        "Turn crops by up to so much to either side.",
        minimum=0,
        maximum=180,
        unit="degrees",
    )
    brightness: float = setting(
        0.0, "Change brightness by up to this share.", minimum=0, maximum=0.9
    )
    contrast: float = setting(0.0, "Change contrast by up to this share.", minimum=0, maximum=0.9)
    saturation: float = setting(0.0, "Change saturation by up to this share.", minimum=0, maximum=1)

    def __post_init__(self) -> None:
        check(self)
        if self.crop_scale_min > self.crop_scale_max:
            raise SettingError(
                f"--crop-scale-min must be at most --crop-scale-max ({self.crop_scale_max:g}), "
                f"got {self.crop_scale_min:g}"
            )
