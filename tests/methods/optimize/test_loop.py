"""A run goes on exactly where it was stopped, however it was stopped.

Run as a script it is the process that the tests kill: ``test_loop.py FOLDER OPTIMIZER SECONDS``.
"""

import dataclasses
import itertools
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from impasto.device.progress import Progress
from impasto.errors import Interrupted, UsageError
from impasto.methods.optimize.loop import Optimization, Task
from impasto.methods.optimize.objective import Evaluation, Objective
from impasto.methods.optimize.probes import Term
from impasto.methods.optimize.schedule import Scale
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
