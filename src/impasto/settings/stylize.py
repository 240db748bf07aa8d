"""The settings of one stylization: the flags of ``impasto stylize`` and the words of the API."""

from dataclasses import dataclass
from typing import Literal

from impasto.errors import SettingError, did_you_mean
from impasto.settings.fields import check, setting

STROKES = ("relative", "native")


@dataclass(frozen=True)
class StylizeSettings:
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
    colors: Literal["style", "content", "match", "palette"] = setting(
        "style",
        "Whose colors: the style's; the photo's, pixel by pixel (content) or on the whole (match); "
        "or those of --palette.",
    )
    color_strength: float = setting(
        1.0,
        "How far the colors go: 0 is as with the style's own, 1 all the way.",
        minimum=0,
        maximum=1,
    )
    palette: tuple[str, ...] = setting(
        (),
        "Colors to paint in: navy,gold,#fff, a picture, or a gallery name; means --colors palette.",
    )
    region: tuple[str, ...] = setting(
        (),
        "MASK=STYLE[:WEIGHT] paints a part in a style of its own, or leaves the photo there "
        "(style photo). MASK is a picture, alpha, all, X,Y, X,Y,WIDTH,HEIGHT, or not:MASK.",
    )
    select: tuple[str, ...] = setting(
        (), "Paint only what is seen at X,Y, or what the box X,Y,WIDTH,HEIGHT goes around."
    )
    feather: float = setting(
        1.0,
        "How wide the border of a region is.",
        minimum=0,
        maximum=50,
        unit="% of the long side",
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
    max_pixels: int = setting(268_435_456, "Refuse larger pictures.", minimum=1, unit="pixels")
    quality: int = setting(95, "Quality of JPEG, WebP and AVIF files.", minimum=1, maximum=100)
    chroma: Literal["4:4:4", "4:2:2", "4:2:0"] = setting(
        "4:4:4", "How finely JPEG and AVIF files hold color: 4:2:0 is smaller and softer."
    )
    depth: Literal["auto", "8", "16"] = setting(
        "auto", "Bits of a sample in PNG and TIFF; auto is as deep as the picture."
    )
    blend: Literal["gamma", "linear"] = setting(
        "gamma",
        "How strengths under 0.25 fade to the photo, and transparency to white: gamma, as browsers "
        "do, or linear light.",
    )
    profile: Literal["srgb", "keep"] = setting(
        "srgb", "Color profile of the result: sRGB, or the picture's own (wide gamut)."
    )
    keep_metadata: bool = setting(
        False, "Keep camera, lens, date, artist and copyright; never the place."
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "strokes", str(self.strokes))  # 2 for "2"
        check(self)
        _check_strokes(self.strokes)
        if self.palette and self.colors == "style":
            object.__setattr__(self, "colors", "palette")
        if self.palette and self.colors != "palette":
            raise SettingError(
                f"--palette and --colors {self.colors} exclude each other. Leave one of them out."
            )
        if self.colors == "palette" and not self.palette:
            raise SettingError(
                "--colors palette needs --palette: colors, a picture or a gallery name, as "
                "--palette navy,gold"
            )


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
