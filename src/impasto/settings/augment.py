"""The settings of ``impasto augment``: which styles a data set is painted in, and how far."""

import re
from dataclasses import dataclass
from typing import Literal

from impasto.errors import SettingError
from impasto.settings.fields import check, setting

RANGE = re.compile(r"(\d+\.?\d*|\.\d+)(?:\.\.(\d+\.?\d*|\.\d+))?")
STRONGEST = 2.0


@dataclass(frozen=True)
class AugmentSettings:
    """How a data set is painted; raises SettingError when a value is out of range.

    >>> AugmentSettings(strength="0.5..0.8").strengths
    (0.5, 0.8)
    """

    styles: tuple[str, ...] = setting(
        (), "Styles to draw from, separated by commas; without any the whole gallery."
    )
    group: tuple[str, ...] = setting(
        (), "Schools of the gallery to draw from, separated by commas, as Ukiyo-e."
    )
    strength: str = setting("0.4..1", "One strength, or LOW..HIGH to draw from, within 0 to 2.")
    copies: int = setting(2, "Paintings of each picture.", minimum=1, maximum=1000)
    seed: int = setting(0, "Seed of styles and strengths.", minimum=0)
    labels: Literal["auto", "imagefolder", "yolo", "coco"] = setting(
        "auto", "How the data set is laid out; auto finds out."
    )
    keep_originals: bool = setting(False, "Put the unpainted pictures into the output too.")
    engine: Literal["auto", "openvino", "onnxruntime", "torch"] = setting(
        "auto", "What runs the network."
    )
    device: str = setting("auto", "Where it runs: auto, cpu, or a device that doctor lists.")
    threads: int = setting(0, "Processor threads; 0 takes what is best.", minimum=0, maximum=1024)
    workers: int = setting(
        0, "Pictures at once, of many; 0 takes what pays off.", minimum=0, maximum=64
    )
    precision: Literal["auto", "f32", "bf16", "f16"] = setting(
        "auto", "Number format inside the network; auto lets the processor choose."
    )
    max_pixels: int = setting(268_435_456, "Refuse larger pictures.", minimum=1, unit="pixels")
    quality: int = setting(95, "Quality of JPEG, WebP and AVIF files.", minimum=1, maximum=100)

    def __post_init__(self) -> None:
        check(self)
        low, high = self.strengths
        if not low <= high <= STRONGEST:
            raise SettingError(
                f'--strength must be one number or LOW..HIGH within 0 to 2, got "{self.strength}"'
            )

    @property
    def strengths(self) -> tuple[float, float]:
        """The lowest and the highest strength."""
        found = RANGE.fullmatch(self.strength)
        if found is None:
            raise SettingError(
                f'--strength must be one number or LOW..HIGH, as 0.4..1, got "{self.strength}"'
            )
        return float(found[1]), float(found[2] or found[1])
