"""Means with the interval that another draw of as many pairs would likely fall into."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

DRAWS = 2000
VALUES = 1 << 20  # drawn at once
COVERED = 0.95


@dataclass(frozen=True)
class Interval:
    """A mean, the ends of its 95 % interval, and how many values it is of."""

    mean: float
    low: float
    high: float
    n: int

    def to_mapping(self) -> dict[str, float]:
        """Return the interval as plain data."""
        return asdict(self)


def bootstrap(values: Sequence[float], seed: int = 0) -> Interval | None:
    """Return the mean of values and its percentile bootstrap interval (Efron 1979).

    Values that are not finite are left out; without any there is None. One value has no spread, so
    its interval is the value. The same values and seed give the same interval.

    >>> bootstrap([2.0, 2.0, 2.0])
    Interval(mean=2.0, low=2.0, high=2.0, n=3)
    """
    known = np.asarray(values, np.float64)
    known = known[np.isfinite(known)]
    if not known.size:
        return None
    random = np.random.default_rng(seed)
    at_once = max(1, VALUES // known.size)
    counts = [min(at_once, DRAWS - done) for done in range(0, DRAWS, at_once)]
    means = np.concatenate([random.choice(known, (c, known.size)).mean(1) for c in counts])
    low, high = np.quantile(means, [(1 - COVERED) / 2, (1 + COVERED) / 2])
    return Interval(float(known.mean()), float(low), float(high), int(known.size))
