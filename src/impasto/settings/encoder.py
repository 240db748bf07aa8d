"""The recipe of the embedded encoder: the flags of ``impasto train encoder``."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from impasto.settings.fields import check, setting


@dataclass(frozen=True)
class EncoderSettings:
    """How a small encoder learns to answer as VGG-19 does."""

    data: Path | None = setting(None, "A folder with content/ and style/ pictures.")
    teacher: Path | None = setting(
        None, "VGG-19 weights conv1_1 to conv3_4, Caffe family, as safetensors."
    )
    start: Path | None = setting(
        None, "An encoder's weights file to continue from, in place of a fit to the teacher."
    )
    steps: int = setting(1_600, "Training steps.", minimum=1)
    learning_rate: float = setting(2e-4, "Peak learning rate of Adam.", minimum=0.0, maximum=1.0)
    warmup: int = setting(30, "Steps in which the learning rate rises.", minimum=0)
    size: int = setting(128, "Side of the crops.", minimum=32, maximum=512, unit="px")
    batch: int = setting(4, "Crops of photos and styles a step.", minimum=2, maximum=256)
    painted: int = setting(
        4, "Pictures that are optimised through the encoder while it learns.", minimum=0
    )
    features_weight: float = setting(1.0, "Weight of the features' error.", minimum=0.0)
    moments_weight: float = setting(
        3.0, "Weight of the error of their means, deviations and Gram matrices.", minimum=0.0
    )
    seed: int = setting(0, "Seed of everything random.", minimum=0)
    patterns: int = setting(6, "Renderings of each procedural pattern among the styles.", minimum=0)
    precision: Literal["bf16", "f32"] = setting("bf16", "Arithmetic of the networks.")

    def __post_init__(self) -> None:
        check(self)
