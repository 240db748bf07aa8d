"""Impasto paints photographs in the style of any picture.

    import impasto

    picture = impasto.stylize("photo.jpg", "starry-night", strength=0.8)
    picture.save("painted.jpg")

The names below are loaded on first use, so that ``import impasto`` costs nothing.
"""

import importlib
from typing import TYPE_CHECKING, Any

from impasto.version import __version__

if TYPE_CHECKING:
    from impasto.batch.augment import augment as augment
    from impasto.batch.stylize import stylize_folder as stylize_folder
    from impasto.device.progress import Progress as Progress
    from impasto.errors import ImpastoError as ImpastoError
    from impasto.errors import Interrupted as Interrupted
    from impasto.images.mask_words import mask_of as mask_of
    from impasto.images.masks import Mask as Mask
    from impasto.images.sink import create_picture as create_picture
    from impasto.images.source import Source as Source
    from impasto.images.source import open_picture as open_picture
    from impasto.images.window import Strip as Strip
    from impasto.images.window import Window as Window
    from impasto.methods.after import AfterPainter as AfterPainter
    from impasto.methods.base import Painter as Painter
    from impasto.methods.base import Region as Region
    from impasto.methods.base import Stylizer as Stylizer
    from impasto.methods.colors import ContentColors as ContentColors
    from impasto.methods.colors import MatchColors as MatchColors
    from impasto.methods.colors import PaletteColors as PaletteColors
    from impasto.methods.colors import grade as grade
    from impasto.methods.controls import Strength as Strength
    from impasto.methods.fast import FastStylizer as FastStylizer
    from impasto.methods.optimize.stylizer import Optimize as Optimize
    from impasto.methods.optimize.work import optimize as optimize
    from impasto.methods.optimize.work import optimize_file as optimize_file
    from impasto.methods.paint import painted_strips as painted_strips
    from impasto.methods.paint import painted_whole as painted_whole
    from impasto.methods.regions import KeepPhoto as KeepPhoto
    from impasto.methods.strokes import Strokes as Strokes
    from impasto.methods.stylize import method_of as method_of
    from impasto.methods.stylize import stylize as stylize
    from impasto.methods.stylize import stylize_array as stylize_array
    from impasto.methods.stylize import stylize_file as stylize_file
    from impasto.settings.optimize import OptimizeSettings as OptimizeSettings
    from impasto.settings.stylize import StylizeSettings as StylizeSettings
    from impasto.styles.palettes import parse_palette as parse_palette
    from impasto.styles.style import Style as Style
    from impasto.styles.style import mix as mix

HOMES = {
    "AfterPainter": "impasto.methods.after",
    "ContentColors": "impasto.methods.colors",
    "FastStylizer": "impasto.methods.fast",
    "ImpastoError": "impasto.errors",
    "Interrupted": "impasto.errors",
    "KeepPhoto": "impasto.methods.regions",
    "Mask": "impasto.images.masks",
    "MatchColors": "impasto.methods.colors",
    "Optimize": "impasto.methods.optimize.stylizer",
    "OptimizeSettings": "impasto.settings.optimize",
    "Painter": "impasto.methods.base",
    "PaletteColors": "impasto.methods.colors",
    "Progress": "impasto.device.progress",
    "Region": "impasto.methods.base",
    "Source": "impasto.images.source",
    "Strength": "impasto.methods.controls",
    "Strip": "impasto.images.window",
    "Strokes": "impasto.methods.strokes",
    "Style": "impasto.styles.style",
    "Stylizer": "impasto.methods.base",
    "StylizeSettings": "impasto.settings.stylize",
    "Window": "impasto.images.window",
    "augment": "impasto.batch.augment",
    "create_picture": "impasto.images.sink",
    "grade": "impasto.methods.colors",
    "mask_of": "impasto.images.mask_words",
    "method_of": "impasto.methods.stylize",
    "mix": "impasto.styles.style",
    "open_picture": "impasto.images.source",
    "optimize": "impasto.methods.optimize.work",
    "optimize_file": "impasto.methods.optimize.work",
    "painted_strips": "impasto.methods.paint",
    "painted_whole": "impasto.methods.paint",
    "parse_palette": "impasto.styles.palettes",
    "stylize": "impasto.methods.stylize",
    "stylize_array": "impasto.methods.stylize",
    "stylize_file": "impasto.methods.stylize",
    "stylize_folder": "impasto.batch.stylize",
}
__all__ = ["__version__", *HOMES]


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(f"module 'impasto' has no attribute '{name}'")
    return getattr(importlib.import_module(HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
