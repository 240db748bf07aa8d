"""Moments of a style: what an optimiser needs to know of a painting, at several sizes of it.

In a ``.style`` file each layer at each size is a tensor ``moments.{size}.{layer}`` in half
precision; the metadata ``moments_encoder_id`` says which encoder saw the painting.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from impasto.errors import ModelError

PREFIX = "moments."

Statistics = npt.NDArray[np.float32]  # 2 C: means of the channels, deviations


@dataclass(frozen=True, eq=False)
class StyleMoments:
    """Mean and deviation of a painting's features, by layer, where its long side has some pixels.

    Raises ModelError where there are none, or they are no statistics.
    """

    encoder_id: str  # SHA-256 of the weights of the encoder that saw the painting
    sizes: Mapping[int, Mapping[str, Statistics]]  # by long side, then by layer

    def __post_init__(self) -> None:
        values = [value for seen in self.sizes.values() for value in seen.values()]
        shapes = {
            frozenset((layer, value.shape) for layer, value in seen.items())
            for seen in self.sizes.values()
        }
        if len(shapes) != 1 or not values or min(self.sizes) < 1 or not all(map(_sound, values)):
            raise ModelError("The moments of a style are damaged. Make the style again.")

    def at(self, long_side: float) -> Mapping[str, Statistics]:
        """Return the statistics by layer where the painting's long side has so many pixels.

        Between two sizes mean and raw second moment, which add up where deviations do not, change
        linearly with the logarithm of the size; beyond the smallest and largest they stay.
        """
        known = sorted(self.sizes)
        size = min(max(long_side, known[0]), known[-1])
        for low, high in pairwise(known):
            if low < size < high:
                share = math.log2(size / low) / math.log2(high / low)
                fine, coarse = self.sizes[high], self.sizes[low]
                return {name: _between(coarse[name], fine[name], share) for name in coarse}
        return self.sizes[int(size)]

    def to_tensors(self) -> dict[str, npt.NDArray[np.float16]]:
        """Return what a ``.style`` file holds, by the names of its tensors."""
        return {
            f"{PREFIX}{size}.{layer}": value.astype(np.float16)
            for size, seen in self.sizes.items()
            for layer, value in seen.items()
        }

    @classmethod
    def from_tensors(
        cls, encoder_id: str, tensors: Mapping[str, npt.NDArray[Any]]
    ) -> "StyleMoments | None":
        """Return the moments among a file's tensors, or None where there are none."""
        sizes: dict[int, dict[str, Statistics]] = {}
        for name, value in tensors.items():
            if name.startswith(PREFIX):
                size, _, layer = name.removeprefix(PREFIX).partition(".")
                number = int(size) if size.isdecimal() else 0  # which no long side is
                sizes.setdefault(number, {})[layer] = value.astype(np.float32)
        return cls(encoder_id, sizes) if sizes else None


def _sound(value: Statistics) -> bool:
    return value.ndim == 2 and len(value) == 2 and bool(np.isfinite(value).all())


def _between(low: Statistics, high: Statistics, share: float) -> Statistics:
    (mean_low, std_low), (mean_high, std_high) = low, high
    mean = mean_low + share * (mean_high - mean_low)
    second_low, second_high = mean_low**2 + std_low**2, mean_high**2 + std_high**2
    variance = second_low + share * (second_high - second_low) - mean**2
    return np.stack([mean, np.sqrt(np.maximum(variance, 0))]).astype(np.float32)
