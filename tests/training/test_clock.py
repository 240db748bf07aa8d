"""The clock of a training: steps or time, whichever ends first."""

import pytest

from impasto.training import clock as module
from impasto.training.clock import Clock


class Time:
    """A clock that is turned by hand."""

    now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    made = Time()
    monkeypatch.setattr(module, "time", made)
    return made


def test_steps_end_it() -> None:
    clock = Clock(4)
    assert [clock.done(step) for step in (0, 1, 4, 5)] == [0, 0.25, 1, 1]
    assert clock.total(1) == 4


def test_time_ends_it_when_it_is_up_first(time: Time) -> None:
    clock = Clock(1000, budget=10)
    time.now += 5
    assert clock.done(2) == 0.5 and clock.total(2) == 4
    assert clock.done(600) == 0.6 and clock.total(600) == 1000


def test_the_time_of_earlier_sittings_counts(time: Time) -> None:
    clock = Clock(1000, budget=10, spent=8)
    time.now += 1
    assert clock.spent == 9 and clock.done(1) == 0.9


def test_a_step_looks_at_the_time_once(time: Time) -> None:
    asked: list[float] = []
    clock = Clock(1000, budget=10, agreed=lambda value: asked.append(value) or value)  # type: ignore[func-returns-value]
    time.now += 2
    before = clock.done(1)
    time.now += 2
    assert clock.done(1) == before == 0.2 and len(asked) == 1


def test_what_is_left_follows_the_pace(time: Time) -> None:
    clock = Clock(20)
    time.now += 9  # of reading pictures, and a first step
    assert clock.eta(10) == 0  # nothing is known yet
    time.now += 4
    assert clock.eta(12) == 16
    short = Clock(20, budget=6)
    short.eta(0)
    time.now += 4
    assert short.eta(1) == 2
