"""The recipe of the any-style painter: the flags of ``impasto train arbitrary``."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from impasto.settings.fields import check, setting


@dataclass(frozen=True)
class ArbitrarySettings:
    """The recipe and what it needs; crops grow from small to large over the run."""

    data: Path | None = setting(None, "A folder with content/ and style/ pictures.")
    teacher: Path | None = setting(
        None, "VGG-19 weights conv1_1 to conv3_4, Caffe family, as safetensors."
    )
    start: Path | None = setting(
        None, "A model folder to continue from, in place of random weights: fine-tuning."
    )
    steps: int = setting(12_000, "Training steps.", minimum=1)
    learning_rate: float = setting(1.5e-3, "Peak learning rate of Adam.", minimum=0.0, maximum=1.0)
    warmup: int = setting(200, "Steps in which the learning rate rises.", minimum=0)
    size: int = setting(
        128,
        "Side of the first crops; halfway to the last from 60 % of the steps on.",
        minimum=32,
        maximum=512,
        unit="px",
    )
    last_size: int = setting(
        256, "Side of the crops from 85 % of the steps on.", minimum=32, maximum=512, unit="px"
    )
    batch: int = setting(
        8, "Crops a step at the first size; fewer when they grow.", minimum=2, maximum=256
    )
    style_weight: float = setting(2.5, "Weight of the style loss.", minimum=0.0)
    coarse_weight: float = setting(
        2.5, "Weight of the style loss at half size: large strokes.", minimum=0.0
    )
    covariance_weight: float = setting(0.0, "Weight of the covariance loss.", minimum=0.0)
    content_weight: float = setting(1.3, "Weight of the content loss.", minimum=0.0)
    structure_weight: float = setting(0.3, "Weight of structural similarity.", minimum=0.0)
    variation_weight: float = setting(0.1, "Weight of total variation.", minimum=0.0)
    identity_weight: float = setting(1.0, "Weight of the identity loss.", minimum=0.0)
    seed: int = setting(0, "Seed of everything random.", minimum=0)
    patterns: int = setting(6, "Renderings of each procedural pattern among the styles.", minimum=0)
    precision: Literal["bf16", "f32"] = setting("bf16", "Arithmetic of the networks.")

    def __post_init__(self) -> None:
        check(self)
