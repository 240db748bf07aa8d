"""What every recipe has in common: the fields of `impasto train ...` and of recipe files."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from impasto.errors import SettingError
from impasto.settings.augmentation import AugmentationSettings
from impasto.settings.duration import seconds_of
from impasto.settings.fields import setting

SMALLEST = 32  # pixels a side that the loss network still sees something in


@dataclass(frozen=True)
class TrainingSettings(AugmentationSettings):
    """How a network learns; raises SettingError when a value is out of range.

    The fields are the options of ``impasto train`` and the keys of a recipe file.
    """

    data: Path | None = setting(
        None, "The photos to learn on: a folder, or what impasto dataset prepare wrote."
    )
    teacher: Path | None = setting(
        None,
        "VGG-19 weights conv1_1 to conv3_4, Caffe family, as safetensors; without it the encoder "
        "inside the package judges.",
    )
    fine_tune: str | None = setting(
        None, "A model to go on from, in place of random weights: a folder or a name."
    )
    steps: int = setting(2000, "Training steps.", minimum=1)
    budget: str | None = setting(
        None, "Stop after this time at the latest, as 15m or 2h; the schedule follows the clock."
    )
    learning_rate: float = setting(
        2e-3, "Largest learning rate of Adam.", minimum=1e-8, maximum=1.0
    )
    schedule: Literal["cosine", "step", "plateau", "constant"] = setting(
        "cosine",
        "How the learning rate falls: along half a cosine, to a tenth in two steps, where the "
        "held-out loss stays, or not at all.",
    )
    warmup: int = setting(50, "Steps in which the learning rate rises.", minimum=0)
    size: int = setting(
        128,
        "Side of the first crops; halfway to the last from 60 % of the training on.",
        minimum=SMALLEST,
        maximum=1024,
        unit="px",
    )
    last_size: int = setting(
        256, "Side of the crops from 85 % of it on.", minimum=SMALLEST, maximum=1024, unit="px"
    )
    batch: int = setting(
        4, "Crops a step at the first size; fewer when they grow.", minimum=1, maximum=1024
    )
    accumulate: int = setting(
        1,
        "Parts in which a step's crops are gone through: more parts, less memory.",
        minimum=1,
        maximum=1024,
    )
    clip: float = setting(
        1.0, "Largest norm of a step's gradient; 0 does not limit it.", minimum=0.0
    )
    average: float = setting(
        0.998,
        "Decay of the running average of the weights, which is what is exported.",
        minimum=0.0,
        maximum=0.99999,
    )
    precision: Literal["auto", "bf16", "f16", "f32"] = setting(
        "auto", "Number format of the networks; auto takes bf16 where the device computes in it."
    )
    channels_last: bool = setting(True, "Keep the channels of a pixel together in memory.")
    device: Literal["auto", "cpu", "cuda", "mps"] = setting("auto", "Where it runs.")
    workers: int = setting(2, "Threads that read pictures ahead.", minimum=1, maximum=64)
    style_weight: float = setting(2.5, "Weight of the style loss.", minimum=0.0)
    coarse_weight: float = setting(
        2.5, "Weight of the style loss at half size: large strokes.", minimum=0.0
    )
    covariance_weight: float = setting(
        0.0, "Weight of the covariance loss: which colors and strokes occur together.", minimum=0.0
    )
    content_weight: float = setting(1.3, "Weight of the content loss.", minimum=0.0)
    structure_weight: float = setting(0.3, "Weight of structural similarity.", minimum=0.0)
    variation_weight: float = setting(0.1, "Weight of total variation: smoothness.", minimum=0.0)
    range_weight: float = setting(5.0, "Weight of what leaves the range of colors.", minimum=0.0)
    style_layers: tuple[str, ...] = setting(
        ("relu1_1", "relu2_1", "relu3_1", "relu3_4"), "Layers that see the style."
    )
    content_layers: tuple[str, ...] = setting(("relu3_4",), "Layers that see the photo.")
    seed: int = setting(0, "Seed of everything random.", minimum=0)
    held_out: int = setting(
        8, "Photos kept back, on which the progress is measured.", minimum=1, maximum=256
    )
    sample_every: int = setting(
        100, "Steps between measurements on photos kept back, and samples.", minimum=1
    )
    save_every: int = setting(100, "Steps between saved states.", minimum=1)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.budget is not None:
            seconds_of(self.budget, "--budget")
        for name in ("style_layers", "content_layers"):
            if not getattr(self, name):
                raise SettingError(f"--{name.replace('_', '-')} needs a layer, as relu3_1.")

    @property
    def budget_s(self) -> float | None:
        """The time budget in seconds, if there is one."""
        return None if self.budget is None else seconds_of(self.budget, "--budget")
