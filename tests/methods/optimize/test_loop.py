"""A run goes on exactly where it was stopped, however it was stopped, and finds back from trouble.

Run as a script it is the process that the tests kill: ``test_loop.py FOLDER OPTIMIZER SECONDS``.
"""

import dataclasses
import itertools
import json
import math
import random
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor

from impasto.device.progress import Progress
from impasto.errors import EngineError, Interrupted, UsageError
from impasto.methods.optimize import loop, schedule
from impasto.methods.optimize.control import Control
from impasto.methods.optimize.loop import Optimization, Task
from impasto.methods.optimize.objective import Evaluation, Objective
from impasto.methods.optimize.probes import Term
from impasto.methods.optimize.schedule import Scale, pace_of
from impasto.weights.runs import RunFolder

SCALES = [Scale(8, 10, 4), Scale(12, 15, 5), Scale(16, 20, 3)]
TOTAL = sum(one.steps for one in SCALES)
OPTIMIZERS = pytest.mark.parametrize("optimizer", ["adam", "lbfgs"])
WEIGHTS: Mapping[Term, float] = {"style": 1.0}
START = torch.rand(1, 3, 8, 10, generator=torch.Generator().manual_seed(0))


class Bowl(Objective):
    """Steeper to the right, least at a picture that is drawn anew with what is sampled."""

    def __init__(self, scale: Scale, generator: torch.Generator) -> None:
        super().__init__([])
        self.generator, self.size = generator, scale.size
        self.steep = torch.linspace(1, 9, scale.width)
        self.redraw()

    def redraw(self) -> None:
        self.goal = 0.3 + 0.5 * torch.rand(1, 3, *self.size, generator=self.generator)

    def evaluate(self, picture: Tensor, weights: Mapping[Term, float]) -> Evaluation:
        error = picture - self.goal
        loss = weights["style"] * float((self.steep * error.square()).mean())
        return Evaluation(loss, {"style": loss}, 2 * self.steep * error / error.numel())


def task(optimizer: str = "adam", **changes: Any) -> Task:
    generator = torch.Generator()
    known: dict[str, Any] = {
        "scales": SCALES,
        "objective": lambda scale: Bowl(scale, generator),
        "start": lambda scale: START,
        "weights": lambda strength: WEIGHTS,
        "strength": 50.0,
        "optimizer": optimizer,
        "rate": {"adam": 0.1, "lbfgs": 1.0}[optimizer],
        "generator": generator,
        "seed": 3,
        "device": torch.device("cpu"),
        "identity": "one",
    }
    return Task(**{**known, **changes})


def with_objective(one: Task, kind: type["Bowl"]) -> Task:
    return dataclasses.replace(one, objective=lambda scale: kind(scale, one.generator))


def folder_at(path: Path) -> RunFolder:
    path.mkdir(exist_ok=True)
    return RunFolder(path)


def stopping(at: int) -> Callable[[Progress], None]:
    """Return what ends the run after a number of steps."""
    left = itertools.count(1)

    def tell(event: Progress) -> None:
        if next(left) == at:
            raise Interrupted("enough")

    return tell


@pytest.mark.parametrize(("optimizer", "save_every"), [("adam", 0.0), ("lbfgs", 1e9)])
def test_a_run_interrupted_after_any_step_goes_on_bit_for_bit(
    tmp_path: Path, optimizer: str, save_every: float
) -> None:
    wanted = Optimization(task(optimizer)).run()
    assert wanted.shape == (1, 3, 16, 20)
    for at in range(1, TOTAL + 1):
        folder, one = folder_at(tmp_path / str(at)), task(optimizer, save_every=save_every)
        with pytest.raises(Interrupted):
            Optimization(one, folder, on_progress=stopping(at)).run()
        assert torch.equal(Optimization(one, folder, resume=True).run(), wanted)


@OPTIMIZERS
def test_a_run_interrupted_after_every_step_goes_on_bit_for_bit(
    tmp_path: Path, optimizer: str
) -> None:
    folder = folder_at(tmp_path)
    for _ in range(TOTAL):
        with pytest.raises(Interrupted):
            Optimization(task(optimizer), folder, resume=True, on_progress=stopping(1)).run()
    steps = [json.loads(line)["step"] for line in folder.events.read_text("utf-8").splitlines()]
    assert steps == list(range(1, TOTAL + 1))
    wanted = Optimization(task(optimizer)).run()
    assert torch.equal(Optimization(task(optimizer), folder, resume=True).run(), wanted)


@OPTIMIZERS
@pytest.mark.parametrize("error", [Interrupted, KeyboardInterrupt])
@pytest.mark.parametrize("at", [1, 2])
def test_a_run_interrupted_between_scales_goes_on_bit_for_bit(
    tmp_path: Path, optimizer: str, error: type[BaseException], at: int
) -> None:
    wanted, one, folder = Optimization(task(optimizer)).run(), task(optimizer), folder_at(tmp_path)

    def objective(scale: Scale) -> Objective:
        if scale == SCALES[at]:
            raise error
        return one.objective(scale)

    with pytest.raises(error):
        Optimization(dataclasses.replace(one, objective=objective), folder).run()
    assert torch.equal(Optimization(one, folder, resume=True).run(), wanted)


def test_an_interrupt_within_a_step_leaves_the_last_save(tmp_path: Path) -> None:
    one, folder = task(save_every=0.0), folder_at(tmp_path)
    calls = itertools.count()

    class Slow(Bowl):
        def evaluate(self, picture: Tensor, weights: Mapping[Term, float]) -> Evaluation:
            if next(calls) == 6:
                raise KeyboardInterrupt
            return super().evaluate(picture, weights)

    with pytest.raises(KeyboardInterrupt):
        Optimization(with_objective(one, Slow), folder).run()
    wanted = Optimization(task()).run()
    assert torch.equal(Optimization(one, folder, resume=True).run(), wanted)


def test_a_run_that_settles_goes_on_to_the_same_picture(tmp_path: Path) -> None:
    settling: dict[str, Any] = {"tolerance": 30.0, "scales": [Scale(8, 10, 60), Scale(12, 15, 60)]}
    steps: list[float] = []
    wanted = Optimization(
        task(**settling), on_progress=lambda event: steps.append(event.values["size"])
    ).run()
    assert 40 <= len(steps) < 120
    end = steps.count(10.0)  # the step after which the first scale was left
    for at in (end - 1, end, end + 1, len(steps)):
        folder = folder_at(tmp_path / str(at))
        with pytest.raises(Interrupted):
            Optimization(task(**settling), folder, on_progress=stopping(at)).run()
        assert torch.equal(Optimization(task(**settling), folder, resume=True).run(), wanted)


def test_a_scale_ends_when_it_improves_no_more() -> None:
    class Flat(Bowl):
        def evaluate(self, picture: Tensor, weights: Mapping[Term, float]) -> Evaluation:
            return Evaluation(1.0, {}, torch.zeros_like(picture))

    events: list[Progress] = []
    flat = task(scales=[Scale(8, 10, 100), Scale(12, 15, 100)], tolerance=1.0)
    Optimization(with_objective(flat, Flat), on_progress=events.append).run()
    assert [event.values["size"] for event in events] == [10.0] * 40 + [15.0] * 40


def paint(folder: Path, optimizer: str, seconds: float = 0.0) -> Tensor:
    """Run or go on with what the folder holds, so many seconds a step."""
    patient = task(optimizer, scales=[Scale(8, 10, 20), Scale(16, 20, 30)], save_every=0.0)
    return Optimization(
        patient, folder_at(folder), resume=True, on_progress=lambda event: time.sleep(seconds)
    ).run()


def killed(folder: Path, optimizer: str, after: int) -> int:
    """Kill a process that runs when it has told of so many steps more; return how many."""
    folder.mkdir(exist_ok=True)
    events = RunFolder(folder).events
    already = told(events)
    words = [sys.executable, __file__, str(folder), optimizer, "0.02"]
    with subprocess.Popen(words, stderr=subprocess.PIPE) as process:
        while told(events) - already < after:
            assert process.poll() is None, process.communicate()[1]
            time.sleep(0.001)
        process.kill()
    return told(events)


def told(events: Path) -> int:
    return events.read_bytes().count(b"\n") if events.exists() else 0


def test_a_killed_run_goes_on_to_the_same_picture(tmp_path: Path) -> None:
    wanted, folder = paint(tmp_path / "whole", "adam"), tmp_path / "killed"
    assert killed(folder, "adam", 22) < 50
    assert torch.equal(paint(folder, "adam"), wanted)
    assert told(RunFolder(folder).events) <= 50 + 1  # no step but the last was taken twice


@pytest.mark.soak
@OPTIMIZERS
def test_a_run_killed_ten_times_goes_on_to_the_same_picture(tmp_path: Path, optimizer: str) -> None:
    draw = random.Random(0)
    wanted, folder = paint(tmp_path / "whole", optimizer), tmp_path / "killed"
    for _ in range(10):
        killed(folder, optimizer, draw.randint(1, 4))
    assert torch.equal(paint(folder, optimizer), wanted)


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


def test_progress_tells_size_loss_and_terms(tmp_path: Path) -> None:
    events: list[Progress] = []
    folder = folder_at(tmp_path)
    Optimization(task(), folder, on_progress=events.append).run()
    assert [(event.step, event.total) for event in events] == [
        (step, TOTAL) for step in range(1, TOTAL + 1)
    ]
    assert [event.values["size"] for event in events] == [10] * 4 + [15] * 5 + [20] * 3
    assert all(event.values["loss"] == event.values["style"] for event in events)
    assert events[-1].eta_s == 0 and events[0].preview == str(folder.preview)
    assert folder.preview.exists()
    logged = [json.loads(line) for line in folder.events.read_text("utf-8").splitlines()]
    assert [dataclasses.asdict(event) for event in events] == logged


def test_a_run_of_something_else_is_not_continued(tmp_path: Path) -> None:
    folder = folder_at(tmp_path)
    Optimization(task(), folder).run()
    with pytest.raises(UsageError, match=r"another photo, style or settings.*without --resume"):
        Optimization(task(identity="two"), folder, resume=True)


def test_without_resume_a_run_begins_anew(tmp_path: Path) -> None:
    folder = folder_at(tmp_path)
    with pytest.raises(Interrupted):
        Optimization(task(), folder, on_progress=stopping(5)).run()
    events: list[Progress] = []
    Optimization(task(), folder, on_progress=events.append).run()
    assert len(events) == TOTAL


if __name__ == "__main__":
    paint(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]))
