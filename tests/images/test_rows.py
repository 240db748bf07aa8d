"""Rows are cut and joined without loss, and worked on in order."""

import time
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from impasto.device.processor import usable_cores
from impasto.images import rows as module
from impasto.images.rows import Layout, in_order, pack, regroup
from impasto.images.window import Strip


@given(st.lists(st.integers(0, 9), max_size=9), st.integers(1, 7))
def test_regrouped_rows_are_the_same_in_blocks_of_one_height(heights: list[int], n: int) -> None:
    rows = np.arange(sum(heights), dtype=np.uint8)
    blocks = list(regroup(np.split(rows, np.cumsum(heights)[:-1]) if heights else [], n))
    assert [row for block in blocks for row in block] == rows.tolist()
    assert all(len(block) == n for block in blocks[:-1])
    assert all(0 < len(block) <= n for block in blocks[-1:])


def test_a_giver_may_use_its_memory_again() -> None:
    def parts() -> Iterator[np.ndarray[tuple[int], np.dtype[np.uint8]]]:
        memory = np.empty(2, np.uint8)
        for value in range(5):
            memory[:] = value
            yield memory

    joined = [block.copy() for block in regroup(parts(), 3)]
    assert np.concatenate(joined).tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]


def test_results_come_in_order_and_few_items_are_taken_ahead() -> None:
    taken = 0

    def items() -> Iterator[int]:
        nonlocal taken
        while taken < 99:
            taken += 1
            yield taken

    def work(item: int) -> int:
        time.sleep(0.001 * (item % 3))
        return item

    results = in_order(work, items())
    assert next(results) == 1 and taken - 1 <= 2 * usable_cores()
    assert list(results) == list(range(2, 100))


def test_an_error_of_the_work_or_of_the_items_comes_through() -> None:
    with pytest.raises(ZeroDivisionError):
        list(in_order(lambda item: 1 // item, [1, 0]))

    def items() -> Iterator[int]:
        yield 1
        raise RuntimeError("of the items")

    with pytest.raises(RuntimeError, match="of the items"):
        list(in_order(abs, items()))


def test_large_strips_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BLOCK", 60)
    strip = Strip(np.zeros((10, 5, 3), np.uint8))
    parts = list(pack([strip], Layout(10, 5, 4, 8)))
    assert [part.shape for part in parts] == [(3, 5, 4)] * 3 + [(1, 5, 4)]
    assert all((part[..., 3] == 255).all() for part in parts)


@pytest.mark.parametrize("depth", [8, 16])
def test_alpha_is_laid_on_white_at_full_depth(depth: int) -> None:
    strip = Strip(np.zeros((1, 2, 3), np.uint16), np.array([[0, 65535]], np.uint16))
    (part,) = pack([strip], Layout(1, 2, 3, depth))
    assert part[0, :, 0].tolist() == [(1 << depth) - 1, 0]
