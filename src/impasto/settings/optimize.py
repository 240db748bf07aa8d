"""The settings of an optimisation: the flags of ``impasto optimize`` and the words of the API."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from impasto.errors import SettingError
from impasto.settings.duration import seconds_of
from impasto.settings.fields import setting
from impasto.settings.picture import PictureSettings
from impasto.settings.presets import PRESETS, ContentLoss, Criterion, OptimizerName, Preset


@dataclass(frozen=True)
class OptimizeSettings(PictureSettings):
    """How a picture is optimised; raises SettingError when a value is out of range.

    The fields are the options of ``impasto optimize``. Those that are None are as in the preset.

    >>> OptimizeSettings(strength=120)
    Traceback (most recent call last):
        ...
    impasto.errors.SettingError: --strength must be between 0 and 100, got 120
    """

    style: tuple[str, ...] = setting(
        (), "A painting, a gallery name, or a .style file; NAME:WEIGHT mixes several."
    )
    preset: Literal[
        "draft", "standard", "print", "texture", "gatys2016", "gatys2017", "johnson-cli"
    ] = setting(
        "standard",
        "draft is quick; print paints the photo at its full size; texture is the style alone; the "
        "others have the numbers of the literature.",
    )
    strength: float = setting(
        50.0,
        "From 0, the photo itself, to 100, all style; the same at every size and for every style.",
        minimum=0,
        maximum=100,
    )
    size: int | None = setting(
        None,
        "Long side of the result; without it the photo's, at most 512 (print: whatever it is).",
        minimum=32,
        maximum=32768,
        unit="pixels",
    )
    time: str | None = setting(
        None, "Plan the steps so that the work takes about this long here: 90s, 10m, 1.5h."
    )
    strokes: float = setting(
        1.0, "Size of the strokes against the painting's own.", minimum=0.25, maximum=4
    )
    fine: tuple[str, ...] = setting(
        (), "Another painting for the fine brushwork; large shapes and colors are of --style."
    )
    init: str | None = setting(
        None,
        "What to begin with: painter (what stylize paints; of our presets), content, noise, style, "
        "or a picture.",
    )
    seed: int = setting(0, "Seed of everything random.", minimum=0)
    criterion: Criterion | None = setting(
        None,
        "What of the style is matched; auto is mixed for paintings, and moments where a style file "
        "holds nothing else.",
    )
    content_loss: ContentLoss | None = setting(None, "What of the photo is kept.")
    style_layers: tuple[str, ...] = setting(
        (), "Layers that see the style: relu1_1, or relu1_1:WEIGHT."
    )
    content_layers: tuple[str, ...] = setting((), "Layers that see the photo.")
    encoder: str | None = setting(
        None,
        "The network that sees: embedded (offline), vgg19, vgg16, each also -caffe, or resnet50.",
    )
    weights: Path | None = setting(None, "A file with the encoder's weights.")
    optimizer: OptimizerName | None = setting(None, "What moves the pixels: adam or lbfgs.")
    rate: float | None = setting(None, "Largest step of a pixel, of 1.", minimum=1e-5, maximum=10)
    steps: int | None = setting(None, "Steps of all scales together.", minimum=1, maximum=1_000_000)
    tolerance: float = setting(
        0.0,
        "End a scale when 20 steps improve its loss by less than this; 0: take all steps.",
        minimum=0,
        maximum=100,
        unit="%",
    )
    variation: float | None = setting(None, "Weight of total variation: smoothness.", minimum=0)
    device: str = setting("auto", "Where it runs: auto, cpu, cuda or mps.")
    threads: int = setting(0, "Processor threads; 0 takes what is best.", minimum=0, maximum=1024)
    precision: Literal["auto", "f32", "bf16"] = setting(
        "auto", "Number format of the encoder; auto lets the processor choose."
    )
    block: int = setting(
        1024,
        "Side of what is computed at once; smaller needs less memory, for the same picture.",
        minimum=128,
        maximum=16384,
        unit="pixels",
    )
    save_every: float = setting(
        20.0, "How often the run is saved.", minimum=0, maximum=86400, unit="seconds"
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.time is not None:
            seconds_of(self.time)
        for name in (*self.style_layers, *self.content_layers):
            _layer(name)

    def plan(self) -> Preset:
        """Return the preset with everything that was given in place of its own."""
        preset = PRESETS[self.preset]
        names = ("encoder", "criterion", "content_loss", "optimizer", "rate", "init", "variation")
        given = {name: getattr(self, name) for name in (*names, "size")}
        given = {name: value for name, value in given.items() if value is not None}
        for name in ("style_layers", "content_layers"):
            if words := getattr(self, name):
                given[name] = dict(_layer(word) for word in words)
        return replace(preset, **given)


def _layer(word: str) -> tuple[str, float]:
    name, colon, weight = word.partition(":")
    try:
        share = float(weight) if colon else 1.0
    except ValueError:
        share = -1.0
    if not name or not 0 <= share < float("inf"):
        raise SettingError(
            f'A layer is a name, or a name and a weight as relu3_1:0.5; got "{word}".'
        )
    return name, share
