"""Progress of long work: one event for terminal, log, page or the function of a caller."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar


@dataclass(frozen=True)
class Progress:
    """One event of long work, as terminal, log and page show it."""

    kind: str  # what is counted: "tile" of a picture, "picture" of many, "train" for its steps
    step: int  # how many are done, from 1
    total: int
    eta_s: float  # seconds left, by the pace so far
    values: Mapping[str, float] = field(default_factory=dict)  # measured or counted on the way
    preview: str | None = None  # path of a picture to look at
    words: str = ""  # what a person should be told, as a verdict on a training


OnProgress = Callable[[Progress], None]
T = TypeVar("T")


def counted(
    items: Iterable[T], total: int, kind: str, on_progress: OnProgress | None, done: int = 0
) -> Iterator[T]:
    """Give the items; as each one comes, an event tells how many are left.

    Args:
        done: how many were there from the start; they count, but not for the pace.
    """
    began = time.monotonic()
    for number, item in enumerate(items, 1):
        if on_progress is not None:
            pace = (time.monotonic() - began) / number
            left = total - done - number
            on_progress(Progress(kind, done + number, total, pace * left))
        yield item
