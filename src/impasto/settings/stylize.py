"""The settings of one stylization: the flags of ``impasto stylize`` and the words of the API."""

from dataclasses import dataclass
from typing import Literal

from impasto.errors import SettingError, did_you_mean
from impasto.settings.fields import setting
from impasto.settings.picture import PictureSettings

STROKES = ("relative", "native")


@dataclass(frozen=True)
class StylizeSettings(PictureSettings):
    """How a picture is painted; raises SettingError when a value is out of range.

    The fields are the options of ``impasto stylize``, which explains them with ``--help``.

    >>> StylizeSettings(strength=3)
    Traceback (most recent call last):
        ...
    impasto.errors.SettingError: --strength must be between 0 and 2, got 3
    """

    style: tuple[str, ...] = setting(
        (),
        "A gallery name, a painting, or a .style file; NAME:WEIGHT mixes several.",
    )
    strength: float = setting(
        1.0,
        "How far to go: 0 is the photo itself, 1 the style, 2 beyond it.",
        minimum=0,
        maximum=2,
    )
    strokes: str = setting(
        "relative",
        "How large strokes are: relative to the picture, so that a preview and the full size look "
        "alike; native, as the network paints on every pixel; or 0.5 to 4 times native.",
    )
    size: int | None = setting(
        None,
        "Long side of the result; without it the size stays.",
        minimum=8,
        maximum=32768,
        unit="pixels",
    )
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

    def __post_init__(self) -> None:
        object.__setattr__(self, "strokes", str(self.strokes))  # 2 for "2"
        super().__post_init__()
        _check_strokes(self.strokes)


def _check_strokes(strokes: str) -> None:
    if strokes in STROKES:
        return
    try:
        factor = float(strokes)
    except ValueError:
        hint = did_you_mean(strokes, STROKES)
        raise SettingError(
            f'--strokes must be relative, native or a number from 0.5 to 4, got "{strokes}".{hint}'
        ) from None
    if not 0.5 <= factor <= 4:
        raise SettingError(f"--strokes as a number must be 0.5 to 4, got {strokes}.")
