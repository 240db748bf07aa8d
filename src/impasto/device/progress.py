"""Progress of long work: one event for terminal, log, page or the function of a caller."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


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
