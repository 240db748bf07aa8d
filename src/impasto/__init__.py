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
    from impasto.errors import ImpastoError as ImpastoError
    from impasto.methods.base import Painter as Painter
    from impasto.methods.base import Stylizer as Stylizer
    from impasto.methods.fast import FastStylizer as FastStylizer
    from impasto.methods.stylize import stylize as stylize
    from impasto.settings.stylize import StylizeSettings as StylizeSettings
    from impasto.styles.style import Style as Style

HOMES = {
    "FastStylizer": "impasto.methods.fast",
    "ImpastoError": "impasto.errors",
    "Painter": "impasto.methods.base",
    "Style": "impasto.styles.style",
    "Stylizer": "impasto.methods.base",
    "StylizeSettings": "impasto.settings.stylize",
    "stylize": "impasto.methods.stylize",
}
__all__ = ["__version__", *HOMES]


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(f"module 'impasto' has no attribute '{name}'")
    return getattr(importlib.import_module(HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
