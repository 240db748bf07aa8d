"""The settings of ``impasto dataset``: what is too small or the same, and how it is prepared."""

from dataclasses import dataclass
from typing import Literal

from impasto.settings.fields import check, setting


@dataclass(frozen=True)
class CheckSettings:
    """What is wrong with a picture; raises SettingError when a value is out of range."""

    min_side: int = setting(
        128, "A short side below this is tiny.", minimum=1, maximum=4096, unit="px"
    )
    near: int = setting(
        8,
        "Bits of 64 in which the perceptual hashes of two pictures that are called the same may "
        "differ; 0 is strictest.",
        minimum=0,
        maximum=16,
    )
    kind: str | None = setting(
        None, 'What the pictures should be, as "photo"; those whose manifest says another are told.'
    )
    licence: str | None = setting(
        None, "The licence of pictures whose manifest states none, as CC0-1.0."
    )
    max_pixels: int = setting(268_435_456, "Refuse larger pictures.", minimum=1, unit="pixels")
    workers: int = setting(
        0, "Pictures at once; 0 takes the processor's cores.", minimum=0, maximum=64
    )

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True)
class PrepareSettings(CheckSettings):
    """How a data set is made of pictures; what is wrong with them is left out of it."""

    side: int = setting(
        320,
        "Side that pictures are reduced to.",
        minimum=16,
        maximum=4096,
        unit="px",
    )
    by: Literal["short", "long"] = setting("short", "Which side that is.")
    quality: int = setting(95, "Quality of the JPEG files.", minimum=50, maximum=100)
    held_out: float = setting(
        0.05, "Share of the pictures that no training sees.", minimum=0, maximum=0.9
    )
    seed: int = setting(0, "Seed of the split.", minimum=0)
    shard: int = setting(512, "Pictures in one shard.", minimum=1, maximum=100_000)
