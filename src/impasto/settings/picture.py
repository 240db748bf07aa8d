"""The settings that every method of painting a picture has: colors, regions, and the file."""

from dataclasses import dataclass
from typing import Literal

from impasto.errors import SettingError
from impasto.settings.fields import check, setting


@dataclass(frozen=True)
class PictureSettings:
    """What a painting takes of the photo, and how it is written; the base of each method's own."""

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
        "How low strengths fade to the photo, and transparency to white: gamma, as browsers do, or "
        "linear light.",
    )
    profile: Literal["srgb", "keep"] = setting(
        "srgb", "Color profile of the result: sRGB, or the picture's own (wide gamut)."
    )
    keep_metadata: bool = setting(
        False, "Keep camera, lens, date, artist and copyright; never the place."
    )

    def __post_init__(self) -> None:
        check(self)
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
