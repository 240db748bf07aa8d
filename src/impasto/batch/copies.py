"""Painted copies of the pictures of a data set: names, styles and strengths, drawn by seed."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from impasto.settings.augment import AugmentSettings


@dataclass(frozen=True)
class Copy:
    """One painting of one picture; the paths are within the data set and within the output."""

    source: Path
    output: Path
    number: int  # 1 is the first
    style: str
    strength: float


def draw(
    pictures: Sequence[Path], styles: Sequence[str], settings: AugmentSettings
) -> Iterator[Copy]:
    """Give the copies of every picture.

    Style and strength follow from the seed, the picture's place in the data set and the number of
    the copy alone: other pictures, their order and the number of workers change nothing.
    """
    low, high = settings.strengths
    for source in pictures:
        for number in range(1, settings.copies + 1):
            first, second = _random(settings.seed, source, number)
            yield Copy(
                source,
                source.with_name(f"{source.stem}.painted-{number}{source.suffix}"),
                number,
                styles[int(first * len(styles))],
                round(low + second * (high - low), 3),
            )


def _random(seed: int, source: Path, number: int) -> tuple[float, float]:
    """Return two numbers in [0, 1), the same on every machine."""
    text = f"{seed}\0{source.as_posix()}\0{number}"
    digest = hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()
    return tuple(int.from_bytes(digest[i : i + 6]) / 2**48 for i in (0, 6))  # type: ignore[return-value]
