"""Controls that work with every method: each is a Stylizer around a Stylizer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from impasto.errors import SettingError
from impasto.images.color import linear_to_srgb, srgb_to_linear
from impasto.images.source import Source
from impasto.images.transparency import Blend
from impasto.methods.after import after
from impasto.methods.base import Painter, Pixels, Region, Stylizer, has_vectors
from impasto.methods.colors import colored
from impasto.methods.regions import KeepPhoto, Photo
from impasto.settings.stylize import StylizeSettings
from impasto.styles.style import Style, Vector

BLEND_BELOW = 0.25  # strengths under this fade the pixels to the photo


@dataclass(frozen=True)
class Strength:
    """How far to go from photo to painting: 0 is the photo exactly, 1 the style, up to 2 beyond it.

    The vector moves on the line from the photo's own style to the wanted one. Since a network never
    returns the photo exactly, strengths below 0.25 also fade the pixels: their stored values, or
    with the blend "linear" their light. Where the method has no vectors the pixels fade all the
    way, and cannot go beyond the style. Raises SettingError for a strength out of range.
    """

    inner: Stylizer
    strength: float = 1.0
    blend: Blend = "gamma"

    def __post_init__(self) -> None:
        StylizeSettings(strength=self.strength, blend=self.blend)
        if self.strength > 1 and not has_vectors(self.inner):
            raise SettingError(
                f"--strength must be between 0 and 1 here, got {self.strength:g}: this method, or "
                "model, has no style vectors of photos, it fades from the photo to the painting."
            )

    def prepare(self, source: Source, style: Style, regions: Sequence[Region] = ()) -> Painter:
        """Return a painter of this strength."""
        if self.strength == 1:
            return self.inner.prepare(source, style, regions)
        if not has_vectors(self.inner):
            if self.strength == 0:  # such a method may work for minutes, here for nothing
                return Photo(source)
            return faded(self.inner.prepare(source, style, regions), self.strength, self.blend)
        own = self.inner.see(source)
        moved = [replace(one, style=one.style and self._moved(own, one.style)) for one in regions]
        painter = self.inner.prepare(source, self._moved(own, style), moved)
        return faded(painter, min(1.0, self.strength / BLEND_BELOW), self.blend)

    def _moved(self, own: Vector, style: Style) -> Style:
        if style.vector.shape != own.shape:  # of another encoder, or of none: the method says so
            return style
        return replace(style, vector=own + np.float32(self.strength) * (style.vector - own))


def faded(painter: Painter, share: float, blend: Blend = "gamma") -> Painter:
    """Return a painter of the photo for a share of 0, of the painting for 1, in between of both."""
    if share == 1:
        return painter
    fade, exact = _fade_light if blend == "linear" else _fade, np.float32(share)
    return after(painter, lambda content, painted: fade(content, painted, exact))


def _fade(content: Pixels, painted: Pixels, share: np.float32) -> Pixels:
    return content + share * (painted - content)


def _fade_light(content: Pixels, painted: Pixels, share: np.float32) -> Pixels:
    if share == 0:  # there and back again would not give every value back
        return content
    light = _fade(srgb_to_linear(content), srgb_to_linear(painted), share)
    return np.asarray(linear_to_srgb(light), np.float32)


def controlled(
    stylizer: Stylizer,
    *,
    strength: float,
    blend: Blend = "gamma",
    colors: str,
    color_strength: float = 1.0,
    palette: Sequence[str] = (),
) -> Stylizer:
    """Return the method with its controls around it."""
    wrapped = Strength(stylizer, strength, blend)
    # With strength 0 the photo's colors are there already, bit for bit.
    kept = strength == 0 and colors in ("content", "match")
    method = colored(
        wrapped,
        colors="style" if kept else colors,
        color_strength=color_strength,
        palette=palette,
    )
    return KeepPhoto(method)
