"""A picture at another size, computed window by window, so that it never exists as a whole."""

from dataclasses import dataclass

import numpy as np

from impasto.images.metadata import Metadata
from impasto.images.resample import Read, read_scaled
from impasto.images.resize import FloatPicture, fit_long_side, resize
from impasto.images.samples import Samples, to_floats, to_samples
from impasto.images.source import ArraySource, Source
from impasto.images.window import Window

_MUCH = 8  # times smaller: such a picture is held in memory
_CLEAR = 1e-4  # alpha under which a premultiplied color says nothing


@dataclass(frozen=True, eq=False)
class Scaled:
    """A source at another size, by Lanczos' filter; colors weigh by their alpha."""

    source: Source
    height: int
    width: int

    @property
    def has_alpha(self) -> bool:
        """Whether anything in the picture is transparent."""
        return self.source.has_alpha

    @property
    def depth(self) -> int:
        """Bits of a sample, 8 or 16."""
        return self.source.depth

    @property
    def metadata(self) -> Metadata:
        """What the file says beside its pixels."""
        return self.source.metadata

    @property
    def name(self) -> str:
        """What to call the picture in messages."""
        return self.source.name

    @property
    def sha256(self) -> str:
        """The hash of the file, in hex: still the same photo."""
        return self.source.sha256

    def read(self, window: Window) -> Samples:
        """Return the window's pixels, uint8 or uint16 by depth, h w 3."""
        if not self.has_alpha:
            return to_samples(self._scaled(self._color, window), self.depth)
        # Premultiplied: what is nearly transparent must not tint what is not.
        weighted = self._scaled(self._weighted, window)
        alpha = weighted[..., 3:4]
        with np.errstate(divide="ignore", invalid="ignore"):
            color = np.where(alpha > _CLEAR, weighted[..., :3] / alpha, weighted[..., 4:])
        return to_samples(color, self.depth)

    def alpha(self, window: Window) -> Samples | None:
        """Return the window's alpha, of the same depth, h w; None when the picture has none."""
        if not self.has_alpha:
            return None
        return to_samples(self._scaled(self._opacity, window)[..., 0], self.depth)

    def thumbnail(self, long_side: int) -> FloatPicture:
        """Return the whole picture, float32 in [0, 1], H W 3, reduced but never enlarged."""
        long_side = min(long_side, max(self.height, self.width))
        seen = self.source.thumbnail(long_side)
        return resize(seen, *fit_long_side(self.height, self.width, long_side))

    def _scaled(self, read: Read, window: Window) -> FloatPicture:
        source = self.source
        return read_scaled(read, source.height, source.width, (self.height, self.width), window)

    def _color(self, window: Window) -> FloatPicture:
        return to_floats(self.source.read(window))

    def _opacity(self, window: Window) -> FloatPicture:
        alpha = self.source.alpha(window)
        if alpha is None:
            return np.ones((window.height, window.width, 1), np.float32)
        return to_floats(alpha)[..., None]

    def _weighted(self, window: Window) -> FloatPicture:
        color, alpha = self._color(window), self._opacity(window)
        return np.concatenate([color * alpha, alpha, color], axis=-1)


def scaled(source: Source, long_side: int | None) -> Source:
    """Return the source with this long side, or as it is without one."""
    largest = max(source.height, source.width)
    if long_side is None or long_side == largest:
        return source
    if largest >= _MUCH * long_side and not source.has_alpha:
        # The filter would see thousands of rows at once; a thumbnail is made in one narrow pass.
        small = to_samples(source.thumbnail(long_side), source.depth)
        return ArraySource(source.name, small, None, source.sha256, source.metadata)
    return Scaled(source, *fit_long_side(source.height, source.width, long_side))
