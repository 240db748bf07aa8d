"""Samples: the same for every model, larger ones contain smaller ones, anchors where they count."""

from pathlib import Path
from typing import cast

import pytest

from impasto.evaluation.contenders import Contender, Wish
from impasto.evaluation.exhibits import Exhibit
from impasto.evaluation.metrics import ANCHORS
from impasto.evaluation.schedule import Task, schedule

CONTENTS = [Exhibit(f"photo-{n}", Path(f"photo-{n}.jpg"), f"{n}") for n in range(6)]
STYLES = [Exhibit(f"style-{n}", Path(f"style-{n}.jpg"), f"s{n}") for n in range(4)]


class Fake:
    """A model that paints all paintings, or those of some names."""

    def __init__(self, name: str, *own: str) -> None:
        self.name, self._own = name, own

    def wishes(self, paintings: list[Exhibit]) -> list[Wish]:
        known = {one.name: one for one in paintings}
        return [Wish(name, known.get(name)) for name in self._own or known]


def tasks(*models: Fake, pairs: int | None = None, limit: int | None = None) -> list[Task]:
    """Return a schedule of all pictures."""
    return schedule(
        CONTENTS, STYLES, cast(list[Contender], list(models)), pairs=pairs, limit=limit, seed=3
    )


def painted(found: list[Task], name: str) -> set[tuple[str, str]]:
    """Return the pairs of one name."""
    return {(task.content.name, task.wish.style) for task in found if task.name == name}


def test_all_pairs_once_and_both_anchors_on_each() -> None:
    found = tasks(Fake("one"), Fake("two"))
    assert len(found) == 4 * 24
    assert painted(found, "one") == painted(found, "two")
    assert all(painted(found, anchor) == painted(found, "one") for anchor in ANCHORS)


def test_a_larger_sample_contains_a_smaller_one_and_models_share_it() -> None:
    few, more = (tasks(Fake("one"), Fake("two"), pairs=n) for n in (5, 11))
    assert len(painted(few, "one")) == 5 and len(painted(more, "one")) == 11
    assert painted(few, "one") == painted(few, "two") < painted(more, "one")


def test_a_limit_counts_photos_and_styles() -> None:
    found = painted(tasks(Fake("one"), limit=2), "one")
    assert len({content for content, _ in found}) == len({style for _, style in found}) == 2


@pytest.mark.parametrize(("style", "anchored"), [("style-1", 6), ("unknown", 0)])
def test_anchors_need_a_painting_to_compare_with(style: str, anchored: int) -> None:
    found = tasks(Fake("own", style))
    assert len(painted(found, "own")) == 6
    assert len(painted(found, ANCHORS[0])) == anchored


def test_photos_come_one_after_the_other_with_their_anchors_first() -> None:
    found = tasks(Fake("one"))
    assert [task.content.name for task in found] == sorted(task.content.name for task in found)
    kinds = [task.name in ANCHORS for task in found[:12]]
    assert kinds == [True] * 8 + [False] * 4
