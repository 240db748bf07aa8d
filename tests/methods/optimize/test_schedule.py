"""Sizes ascend to the picture's own, steps add up, rates fall, budgets hold."""

import itertools
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from impasto.methods.optimize import schedule
from impasto.methods.optimize.schedule import Clock, Scale, pace_of, rate_at, scales_of, with_steps
from impasto.settings.presets import PRESETS

SHAPES = [(384, 512), (512, 384), (97, 100), (1, 300), (333, 512), (2731, 4096)]


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize(("height", "width"), SHAPES)
def test_sizes_ascend_by_growth_to_the_pictures_own(name: str, height: int, width: int) -> None:
    plan = PRESETS[name]
    scales = scales_of(plan, height, width)
    assert scales[-1].size == (height, width)
    sides = [max(one.size) for one in scales]
    assert all(
        abs(large - small * plan.growth) <= plan.growth
        for small, large in itertools.pairwise(sides)
    )
    assert sides[0] >= min(plan.smallest, max(height, width))
    assert len(sides) == 1 or sides[0] < plan.smallest * plan.growth + 1
    for one in scales:  # of the same shape, to half a pixel
        share = max(one.size) / max(height, width)
        assert abs(one.height - height * share) <= 0.5 or one.height == 1


def test_steps_fall_with_the_size() -> None:
    plan = PRESETS["standard"]
    steps = [one.steps for one in scales_of(plan, 384, 512)]
    assert steps == sorted(steps, reverse=True) and steps[0] == plan.first
    assert steps[-1] == round(plan.first * (128 / 512) ** plan.decline)


def test_the_published_schedules_are_kept() -> None:
    assert scales_of(PRESETS["gatys2016"], 384, 512) == [Scale(384, 512, 500)]
    assert scales_of(PRESETS["johnson-cli"], 384, 512) == [Scale(384, 512, 1000)]
    two = scales_of(PRESETS["gatys2017"], 768, 1024)
    assert [(max(one.size), one.steps) for one in two] == [(512, 500), (1024, 200)]


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 5, 6, 7, 50, 99, 1000, 99_999])
@pytest.mark.parametrize("name", ["draft", "standard", "print", "gatys2017"])
def test_steps_add_up_to_any_number(name: str, steps: int) -> None:
    plan = PRESETS[name]
    scales = scales_of(plan, 1365, 2048, steps)
    assert sum(one.steps for one in scales) == steps
    assert min(one.steps for one in scales) >= 1
    own = scales_of(plan, 1365, 2048)
    assert [one.size for one in scales] == [one.size for one in own][-len(scales) :]
    assert len(scales) == min(steps, len(own))


def test_many_steps_keep_their_proportions() -> None:
    scales = with_steps([Scale(8, 8, 30), Scale(16, 16, 10)], 4000)
    assert [one.steps for one in scales] == [3000, 1000]


def test_the_rate_falls_and_ends_calm() -> None:
    rates = [rate_at(step, 50, 0.03) for step in range(50)]
    assert rates[0] == 0.03 and rates == sorted(rates, reverse=True)
    assert 0.2 * 0.03 <= rates[-1] < 0.21 * 0.03


class Hand:
    """A clock that is moved by hand."""

    now = 100.0


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hand]:
    hand = Hand()
    monkeypatch.setattr(schedule, "time", SimpleNamespace(monotonic=lambda: hand.now))
    yield hand


def spent(hand: Hand, scales: list[Scale], budget: float | None, second: float) -> float:
    """Take all steps as the loop does, at so many pixels a second; return the seconds."""
    clock, begun = Clock(budget), hand.now
    for number in range(len(scales)):
        scales[number:] = clock.fitted(scales[number:])
        for _ in range(scales[number].steps):
            if clock.over and number == len(scales) - 1:
                break
            hand.now += pace_of(scales[number].size) / second
            clock.took(scales[number], pace_of(scales[number].size) / second)
    return hand.now - begun


@pytest.mark.parametrize("second", [1e5, 1e6, 1e7])
@pytest.mark.parametrize("budget", [60.0, 600.0])
def test_a_budget_is_used_and_kept(hand: Hand, second: float, budget: float) -> None:
    scales = scales_of(PRESETS["standard"], 384, 512)
    own = sum(one.cost for one in scales) / second
    first = scales[0].cost / second
    last = pace_of(scales[-1].size) / second
    found = spent(hand, scales, budget, second)
    assert found <= max(budget, first) + len(scales) * last
    assert found >= min(0.9 * budget, 0.9 * schedule.MOST * own)


def test_without_a_budget_the_steps_stay(hand: Hand) -> None:
    scales = scales_of(PRESETS["draft"], 384, 512)
    assert spent(hand, list(scales), None, 1e6) == pytest.approx(sum(s.cost for s in scales) / 1e6)


def test_the_time_left_follows_the_pace(hand: Hand) -> None:
    clock, scales = Clock(None), [Scale(64, 64, 10), Scale(128, 128, 5)]
    assert clock.eta(scales, 0) == 0
    clock.took(scales[0], 2.0)
    left = 9 * 2.0 + 5 * 2.0 * pace_of((128, 128)) / pace_of((64, 64))
    assert clock.eta(scales, 1) == pytest.approx(left)
    assert clock.eta(scales[1:], 5) == 0
