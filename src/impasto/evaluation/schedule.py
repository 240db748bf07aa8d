"""Which pairs are painted and measured: all, or a sample that a larger one contains."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from impasto.evaluation.contenders import Contender, Wish
from impasto.evaluation.exhibits import Exhibit
from impasto.evaluation.metrics import ANCHORS

T = TypeVar("T")


@dataclass(frozen=True)
class Task:
    """One painting to be measured: by a model, or an anchor's stand-in."""

    content: Exhibit
    wish: Wish
    by: Contender | str

    @property
    def name(self) -> str:
        """The name of the model or of the anchor."""
        return self.by if isinstance(self.by, str) else self.by.name


def schedule(
    contents: Sequence[Exhibit],
    paintings: Sequence[Exhibit],
    models: Sequence[Contender],
    *,
    pairs: int | None = None,
    limit: int | None = None,
    seed: int = 0,
) -> list[Task]:
    """Return what is to be measured, photo by photo, the anchors of a photo first.

    Samples are the pairs of lowest hash, so every model has the same of what it can paint, and a
    larger sample contains a smaller one. Anchors have every pair that has a painting to compare.
    """
    contents = _first(contents, limit, lambda one: f"{seed} {one.name}")
    tasks, seen = [], dict[tuple[str, str], Task]()
    for model in models:
        wishes = _first(model.wishes(paintings), limit, lambda one: f"{seed} {one.style}")
        own = [Task(content, wish, model) for content in contents for wish in wishes]
        own = _first(own, pairs, lambda one: f"{seed} {one.content.name} {one.wish.style}")
        tasks += own
        for task in own:
            if task.wish.reference is not None:
                seen.setdefault((task.content.name, task.wish.reference.name), task)
    anchors = [Task(one.content, one.wish, by) for by in ANCHORS for one in seen.values()]
    order = {content.name: place for place, content in enumerate(contents)}
    # Stable: within a photo the anchors come first, then style by style what the models painted.
    painted = sorted(tasks, key=lambda one: one.wish.style)
    return sorted([*anchors, *painted], key=lambda one: order[one.content.name])


def _first(items: Iterable[T], count: int | None, name: Callable[[T], str]) -> list[T]:
    """Return as many items as wanted, those whose names hash lowest, in the order they came."""
    found = list(items)
    if count is None or count >= len(found):
        return found
    lots = [hashlib.sha256(name(one).encode()).hexdigest() for one in found]
    drawn = sorted(range(len(found)), key=lots.__getitem__)[:count]
    return [found[place] for place in sorted(drawn)]
