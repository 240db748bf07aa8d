"""Sets: FID of all paintings of a row, ArtFID with LPIPS, nothing of a single picture."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from torch import Tensor

from impasto.evaluation.deep import sets
from impasto.evaluation.deep.sets import Seen, Sets
from impasto.evaluation.summary import Measured

SIDE = 80


class Means:
    """Stands for Inception: its features are the means of the channels."""

    def __init__(self, path: Path) -> None:
        pass

    def __call__(self, picture: Tensor) -> Tensor:
        return picture.mean((2, 3))


@pytest.fixture(autouse=True)
def means(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let channels' means be the features."""
    monkeypatch.setattr(sets, "Inception", Means)


def gray(value: int, side: int = SIDE) -> Any:
    """Return a gray picture."""
    return np.full((side, side, 3), value, np.uint8)


def measured(by: str, *contents: str) -> list[Measured]:
    """Return paintings whose numbers do not matter."""
    return [Measured(content, "style", by, {}) for content in contents]


def sets_of(pictures: Iterable[Seen]) -> Sets:
    """Return sets that have seen pictures."""
    found = Sets(Path("weights"))
    found.see(pictures)
    return found


def seen(by: str, *values: int, side: int = SIDE) -> Iterator[Seen]:
    """Give gray paintings of photos a, b, ... in a style that is black."""
    for content, value in zip("abc", values, strict=False):
        yield Seen(by, content, "style", gray(value, side), gray(0))


def test_the_distance_is_that_of_the_features() -> None:
    row: dict[str, Any] = {"name": "one", "values": {"lpips": {"mean": 0.5}}}
    sets_of(seen("one", 51, 51)).add_to([row], measured("one", "a", "b"))
    # Gray of 0.2 against black: three channels of 0.2 squared, and no spread in either set.
    assert row["values"]["fid"] == {"mean": pytest.approx(0.12), "low": None, "high": None, "n": 2}
    assert row["values"]["art_fid"]["mean"] == pytest.approx(1.5 * 1.12)


def test_only_what_was_measured_in_the_row_counts() -> None:
    found = sets_of([*seen("one", 0, 0, 255), *seen("two", 255, 255)])
    rows: list[dict[str, Any]] = [{"name": name, "values": {}} for name in ("one", "two")]
    found.add_to(rows, [*measured("one", "a", "b"), *measured("two", "a", "b")])
    assert [row["values"]["fid"]["mean"] for row in rows] == pytest.approx([0, 3])
    assert "art_fid" not in rows[0]["values"]


def test_one_picture_is_no_set_and_small_ones_are_left_out() -> None:
    row: dict[str, Any] = {"name": "one", "values": {}}
    sets_of(seen("one", 1)).add_to([row], measured("one", "a"))
    sets_of(seen("one", 1, 2, side=74)).add_to([row], measured("one", "a", "b"))
    assert row["values"] == {}
