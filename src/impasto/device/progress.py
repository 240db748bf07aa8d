"""Progress of long work: one event for terminal, log, page or the function of a caller."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Progress:
    """One event of long work, as terminal, log and page show it."""

    kind: str
    step: int
    total: int
    eta_s: float
    values: Mapping[str, float] = field(default_factory=dict)
    preview: str | None = None


OnProgress = Callable[[Progress], None]
