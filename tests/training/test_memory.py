"""The guard: a batch that does not fit is gone through in more parts, and nothing else changes."""

import pytest

from impasto.errors import TrainingError
from impasto.training import memory
from impasto.training.memory import PATIENCE, Guard


@pytest.fixture(autouse=True)
def roomy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "headroom", lambda: 0.5)


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("CUDA out of memory. Tried to")])
def test_a_full_memory_doubles_the_parts(error: Exception) -> None:
    tried: list[int] = []

    def step(parts: int) -> str:
        tried.append(parts)
        if parts < 4:
            raise error
        return "done"

    guard = Guard(1)
    assert guard.run(step, 8) == "done"
    assert tried == [1, 2, 4] and guard.parts == 4 and "in 4 parts" in guard.said


def test_a_single_crop_that_does_not_fit_is_an_error() -> None:
    def step(parts: int) -> None:
        raise MemoryError

    with pytest.raises(TrainingError, match="Lower --last-size"):
        Guard(1).run(step, 4)


def test_one_of_several_processes_does_not_run_a_step_again() -> None:
    tried: list[int] = []

    def step(parts: int) -> None:
        tried.append(parts)
        raise MemoryError

    with pytest.raises(TrainingError, match="--batch, or with --accumulate 4"):
        Guard(2, shared=True).run(step, 8)
    assert tried == [2]


def test_other_errors_are_raised() -> None:
    def step(parts: int) -> None:
        raise RuntimeError("shapes do not match")

    with pytest.raises(RuntimeError, match="shapes"):
        Guard(1).run(step, 4)


def test_it_makes_room_before_memory_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "headroom", lambda: 0.01)
    guard = Guard(1)
    seen = [guard.run(lambda parts: parts, 4) for _ in range(2 * PATIENCE)]
    assert seen[:2] == [1, 2] and seen[PATIENCE - 1] == 2 and guard.parts == 4
