"""The settings of an evaluation: the flags of ``impasto evaluate images``."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from impasto.errors import SettingError
from impasto.settings.fields import check, setting


@dataclass(frozen=True)
class EvaluateSettings:
    """What is painted and how it is measured; raises SettingError when a value is out of range."""

    size: int = setting(
        512,
        "Long side that photos are painted and measured at; smaller ones keep their size.",
        minimum=64,
        maximum=4096,
        unit="pixels",
    )
    pairs: int | None = setting(
        None, "Pairs of photo and style for each model, drawn by --seed; all without it.", minimum=1
    )
    limit: int | None = setting(
        None, "At most this many photos, and styles of each model, drawn by --seed.", minimum=1
    )
    seed: int = setting(0, "Seed of what is drawn, and of the intervals.", minimum=0)
    encoder: Literal["embedded", "vgg19"] = setting(
        "embedded", "The network that sees style and content."
    )
    teacher: Path | None = setting(
        None, "Weights of --encoder vgg19; without them they are downloaded once."
    )
    losses: Literal["sane", "paper", "both"] = setting(
        "sane", "Style and content loss as training defines them, as published tables do, or both."
    )
    lpips: Path | None = setting(
        None, "alex.pth of LPIPS v0.1; with --alexnet LPIPS is measured too."
    )
    alexnet: Path | None = setting(None, "torchvision's AlexNet, which LPIPS needs.")
    inception: Path | None = setting(
        None, "art_inception.pth: FID is measured too, and with LPIPS ArtFID."
    )
    format: Literal["png", "jpg"] = setting(
        "png", "Of the painted pictures; numbers are measured on the files."
    )
    engine: Literal["auto", "openvino", "onnxruntime", "torch"] = setting(
        "auto", "What runs the models."
    )
    device: str = setting("auto", "Where they run: auto, cpu, or a device that doctor lists.")
    threads: int = setting(0, "Processor threads; 0 takes what is best.", minimum=0, maximum=1024)
    precision: Literal["auto", "f32", "bf16", "f16"] = setting(
        "auto", "Number format inside the models; auto lets the processor choose."
    )

    def __post_init__(self) -> None:
        check(self)
        if self.teacher is not None and self.encoder != "vgg19":
            raise SettingError("--teacher is for VGG-19: add --encoder vgg19, or leave it out.")
        if (self.lpips is None) != (self.alexnet is None):
            raise SettingError("LPIPS needs two files: --lpips alex.pth --alexnet alexnet.pth")
