"""From pairs to rows: each model's means with intervals, on all its pairs and on common ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from impasto.evaluation.intervals import bootstrap
from impasto.evaluation.metrics import ANCHORS, METRICS


@dataclass(frozen=True)
class Measured:
    """The numbers of one painting, of a model or an anchor."""

    content: str
    style: str
    by: str
    values: Mapping[str, float]
    picture: str | None = None  # in the report's folder

    @property
    def pair(self) -> tuple[str, str]:
        """The names of photo and style."""
        return self.content, self.style


def rows(measured: Sequence[Measured], seed: int) -> list[dict[str, Any]]:
    """Return a row for each anchor and model: its name, number of pairs, and intervals by key."""
    names = dict.fromkeys(one.by for one in measured)
    found = []
    for name in sorted(names, key=lambda name: name not in ANCHORS):
        own = [one for one in measured if one.by == name]
        values = {}
        for metric in METRICS:
            known = [one.values[metric.key] for one in own if metric.key in one.values]
            interval = bootstrap(known, seed)
            if interval is not None:
                values[metric.key] = interval.to_mapping()
        found.append({"name": name, "anchor": name in ANCHORS, "n": len(own), "values": values})
    return found


def common(measured: Sequence[Measured]) -> list[Measured]:
    """Return what was measured on the pairs that every model painted; nothing if that is all.

    Means over different pairs do not compare; these do.
    """
    painted: dict[str, set[tuple[str, str]]] = {}
    for one in measured:
        if one.by not in ANCHORS:
            painted.setdefault(one.by, set()).add(one.pair)
    shared = set.intersection(*painted.values()) if painted else set()
    if all(pairs == shared for pairs in painted.values()):
        return []
    return [one for one in measured if one.pair in shared]
