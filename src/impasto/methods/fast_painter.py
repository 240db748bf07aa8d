"""A picture that an exported network paints window by window, with statistics measured before."""

from collections.abc import Sequence

import numpy as np

from impasto.engines.base import Network
from impasto.images.grain import add_grain
from impasto.images.source import Source
from impasto.images.tiles import read_planes, widen
from impasto.images.window import Window
from impasto.methods.base import Pixels, Region
from impasto.methods.regions import shares
from impasto.weights.models import Model


class FastPainter:
    """A picture with its statistics; painting a window is purely local, so tiles are exact."""

    def __init__(
        self,
        model: Model,
        network: Network,
        source: Source,
        statistics: Pixels,
        regions: Sequence[Region] = (),
    ) -> None:
        self.source, self.regions = source, regions
        self._model, self._network, self._statistics = model, network, statistics

    def paint(self, window: Window) -> Pixels:
        """Return the painted window, float32 h w 3, RGB in [0, 1]."""
        model, source = self._model, self.source
        outer = widen(window, source.height, source.width, model.halo, model.multiple)
        pixels = read_planes(source, outer, model.multiple)
        add_grain(pixels, outer.top, outer.left)
        inputs = {"window": pixels, "statistics": self._statistics}
        if self.regions:
            parts = shares(self.regions, outer, source.height, source.width)
            below, beside = -outer.height % model.multiple, -outer.width % model.multiple
            inputs["masks"] = np.pad(parts, ((0, 0), (0, below), (0, beside)), mode="edge")[None]
        painted = self._network.run(inputs)
        top, left = window.top - outer.top, window.left - outer.left
        inner = painted["painting"][0, :, top : top + window.height, left : left + window.width]
        return np.clip(inner, 0, 1, out=inner).transpose(1, 2, 0)
