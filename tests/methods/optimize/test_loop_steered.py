"""A run can be paused, stopped and changed on the way, keeps to its time, recovers from trouble."""

import dataclasses
import math
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from tests.methods.optimize.test_loop import (
    OPTIMIZERS,
    TOTAL,
    WEIGHTS,
    Bowl,
    folder_at,
    stopping,
    task,
    with_objective,
)
from torch import Tensor

from impasto.device.progress import Progress
from impasto.errors import EngineError, Interrupted
from impasto.methods.optimize import loop, schedule
from impasto.methods.optimize.control import Control
from impasto.methods.optimize.loop import Optimization
from impasto.methods.optimize.objective import Evaluation
from impasto.methods.optimize.probes import Term
from impasto.methods.optimize.schedule import Scale, pace_of


def steered(folder: Path, when: int, control: Control) -> Callable[[Progress], None]:
    """Return what says something to the run after a number of steps."""

    def tell(event: Progress) -> None:
        if event.step == when:
            control.write(folder)

    return tell


def test_a_stop_keeps_a_picture_of_full_size(tmp_path: Path) -> None:
    events: list[Progress] = []
    tell = steered(tmp_path, 6, Control(stop=True))

    def both(event: Progress) -> None:
        events.append(event)
        tell(event)

    picture = Optimization(task(), folder_at(tmp_path), on_progress=both).run()
    assert picture.shape == (1, 3, 16, 20) and len(events) == 6
    assert picture.min() >= 0 and picture.max() <= 1


def test_a_paused_run_waits_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 3:
            Control().write(tmp_path)

    fake = SimpleNamespace(monotonic=time.monotonic, sleep=sleep)
    monkeypatch.setattr(loop, "time", fake)
    told: list[int] = []
    tell = steered(tmp_path, 5, Control(pause=True))

    def both(event: Progress) -> None:
        told.append(event.step)
        if len(told) == 5:
            tell(event)

    picture = Optimization(task(), folder_at(tmp_path), on_progress=both).run()
    assert len(waited) == 3 and told.count(5) == 4  # told again while it waits
    assert torch.equal(picture, Optimization(task()).run())


def test_a_paused_run_can_be_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def sleep(seconds: float) -> None:
        Control(pause=True, stop=True).write(tmp_path)

    monkeypatch.setattr(loop, "time", SimpleNamespace(monotonic=time.monotonic, sleep=sleep))
    folder = folder_at(tmp_path)
    Control(pause=True).write(tmp_path)
    assert Optimization(task(), folder).run().shape == (1, 3, 16, 20)


@OPTIMIZERS
def test_strength_can_be_changed_on_the_way(tmp_path: Path, optimizer: str) -> None:
    seen: list[float] = []
    notes: list[str] = []

    def weights(strength: float) -> Mapping[Term, float]:
        seen.append(strength)
        return {"style": 1000.0 if strength < 20 else 1.0}  # much more than a stray loss

    one = task(optimizer, weights=weights)
    tell = steered(tmp_path, 6, Control(strength=10))
    work = Optimization(one, folder_at(tmp_path), on_progress=tell, on_note=notes.append)
    work.run()
    assert seen == [50.0] * 6 + [10.0] * 6 and work.strength == 10
    assert not notes


def test_a_changed_strength_is_kept_when_a_run_goes_on(tmp_path: Path) -> None:
    seen: list[float] = []

    def weights(strength: float) -> Mapping[Term, float]:
        seen.append(strength)
        return WEIGHTS

    one, folder = task(weights=weights), folder_at(tmp_path)
    Control(strength=70).write(tmp_path)
    with pytest.raises(Interrupted):
        Optimization(one, folder, on_progress=stopping(5)).run()
    (tmp_path / "control.toml").unlink()
    Optimization(one, folder, resume=True).run()
    assert seen == [70.0] * TOTAL


class Sick(Bowl):
    """Has no number, or a wild one, at some of its calls."""

    calls = 0
    bad: Callable[[int], bool] = staticmethod(lambda call: False)
    loss = math.nan

    def evaluate(self, picture: Tensor, weights: Mapping[Term, float]) -> Evaluation:
        found = super().evaluate(picture, weights)
        type(self).calls += 1
        return dataclasses.replace(found, loss=self.loss) if self.bad(self.calls) else found


@OPTIMIZERS
@pytest.mark.parametrize("loss", [math.nan, math.inf, 1e6])
def test_one_stray_loss_is_a_step_back_and_a_smaller_one(
    monkeypatch: pytest.MonkeyPatch, optimizer: str, loss: float
) -> None:
    notes, steps = list[str](), list[int]()
    monkeypatch.setattr(Sick, "calls", 0)
    monkeypatch.setattr(Sick, "loss", loss)
    monkeypatch.setattr(Sick, "bad", staticmethod(lambda call: call == 6))
    picture = Optimization(
        with_objective(task(optimizer), Sick),
        on_note=notes.append,
        on_progress=lambda event: steps.append(event.step),
    ).run()
    assert len(notes) == 1 and "0.5 rate" in notes[0]
    assert steps == list(range(1, TOTAL + 1)) and picture.isfinite().all()


def test_a_leap_ends_before_it() -> None:
    class Steep(Bowl):
        def redraw(self) -> None:
            self.goal = torch.full((1, 3, *self.size), 0.5)

        def evaluate(self, picture: Tensor, weights: Mapping[Term, float]) -> Evaluation:
            found = super().evaluate(picture, weights)
            return dataclasses.replace(found, loss=1000 * found.loss)

    def start(scale: Scale) -> Tensor:
        return torch.full((1, 3, *scale.size), 0.501)

    notes: list[str] = []
    one = with_objective(task(start=start, scales=[Scale(8, 10, 6)]), Steep)
    picture = Optimization(one, on_note=notes.append).run()
    assert notes and float((picture - 0.5).abs().max()) < 0.03


@OPTIMIZERS
def test_without_any_number_the_run_ends_and_keeps_what_was_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, optimizer: str
) -> None:
    monkeypatch.setattr(Sick, "calls", 0)
    monkeypatch.setattr(Sick, "bad", staticmethod(lambda call: call > 5))
    one, folder = task(optimizer, save_every=0.0), folder_at(tmp_path)
    with pytest.raises(EngineError, match=r"not a number.*--precision f32"):
        Optimization(with_objective(one, Sick), folder).run()
    wanted = Optimization(task(optimizer)).run()
    assert torch.equal(Optimization(one, folder, resume=True).run(), wanted)


def test_a_perfect_picture_may_get_worse() -> None:
    notes: list[str] = []

    def start(scale: Scale) -> Tensor:
        return Bowl(scale, torch.Generator().manual_seed(0)).goal

    class Still(Bowl):
        def redraw(self) -> None:
            self.generator.manual_seed(0)
            super().redraw()

        def evaluate(self, picture: Tensor, weights: Mapping[Term, float]) -> Evaluation:
            found = super().evaluate(picture, weights)
            nudge = torch.full_like(found.gradient, 1e-9)  # what rounding leaves of a gradient
            return dataclasses.replace(found, gradient=found.gradient + nudge)

    one = with_objective(task(start=start, scales=[Scale(8, 10, 4)], rate=0.01), Still)
    assert torch.isfinite(Optimization(one, on_note=notes.append).run()).all()
    assert not notes


@pytest.mark.parametrize("budget", [3.0, 20.0, 100.0])
def test_the_time_wished_for_is_the_time_taken(
    monkeypatch: pytest.MonkeyPatch, budget: float
) -> None:
    now = [50.0]

    class Slow(Bowl):
        def evaluate(self, picture: Tensor, weights: Mapping[Term, float]) -> Evaluation:
            now[0] += pace_of(self.size) / 40_000
            return super().evaluate(picture, weights)

    fake = SimpleNamespace(monotonic=lambda: now[0], sleep=time.sleep)
    monkeypatch.setattr(loop, "time", fake)
    monkeypatch.setattr(schedule, "time", fake)
    scales = [Scale(8, 10, 40), Scale(12, 15, 30), Scale(16, 20, 20)]
    picture = Optimization(with_objective(task(scales=scales, budget=budget), Slow)).run()
    assert picture.shape == (1, 3, 16, 20)
    assert 0.8 * budget <= now[0] - 50 <= 1.05 * budget + 0.2
