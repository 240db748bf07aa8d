"""Pictures that need no folder: renderings of our patterns, photos that scikit-image brings."""

from collections.abc import Callable, Iterable
from functools import partial

import numpy as np

from impasto.images.patterns import PATTERNS, render
from impasto.images.samples import to_samples
from impasto.training.data.pictures import Entry, Pictures, Pixels

PHOTOS = ("astronaut", "chelsea", "coffee", "rocket")
SIZE = 384  # side of a pattern


def patterns(seeds: Iterable[int], size: int = SIZE) -> Pictures:
    """Return every pattern once for each seed, each with its own palette; rendered when asked."""
    return Pictures(
        [
            _entry("pattern", f"{name}_{seed}", partial(_rendered, name, seed, size))
            for seed in seeds
            for name in PATTERNS
        ]
    )


def photos() -> Pictures:
    """Return a handful of photos: enough to tune a painter that has seen many."""
    return Pictures([_entry("photo", name, partial(_photo, name)) for name in PHOTOS])


def _rendered(name: str, seed: int, size: int) -> Pixels:
    made = render(name, seed, size, palette_seed=seed)
    return np.asarray(to_samples(made, 8), np.uint8)


def _photo(name: str) -> Pixels:
    from skimage import data  # here, for it is slow to load

    return np.array(getattr(data, name)(), np.uint8)


def _entry(group: str, name: str, decode: Callable[[], Pixels]) -> Entry:
    known = f"{group}/{name}"
    return Entry(known, group, known, known, decode)
