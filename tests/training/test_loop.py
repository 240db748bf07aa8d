"""The loop: it stops at the step, tells and saves on the way, and keeps what Ctrl-C ends."""

import json
from pathlib import Path
from typing import Any

import pytest

from impasto.device.progress import Progress
from impasto.errors import TrainingError
from impasto.training.loop import needed, train_until
from impasto.training.runs import Run


class Counter:
    """Learns nothing; its loss is its step."""

    def __init__(self) -> None:
        self.step, self.shown = 0, 0

    def state(self) -> dict[str, Any]:
        return {"step": self.step}

    def train_step(self) -> dict[str, float]:
        self.step += 1
        return {"loss": float(self.step)}

    def show(self, run: Run) -> None:
        self.shown += 1


def run_in(folder: Path) -> Run:
    run = Run(folder)
    run.create()
    return run


def test_events_tell_the_mean_since_the_last(tmp_path: Path) -> None:
    run, counter, events = run_in(tmp_path), Counter(), list[Progress]()
    train_until(counter, 5, run, on_progress=events.append, every=2, save_every=2)
    assert [(e.step, e.values["loss"]) for e in events] == [(2, 1.5), (4, 3.5), (5, 5.0)]
    assert len([json.loads(line) for line in run.events.read_text().splitlines()]) == 3
    assert run.load() == {"step": 5} and counter.shown == 3


def test_an_interrupt_saves_the_step(tmp_path: Path) -> None:
    def stop(event: Progress) -> None:
        raise KeyboardInterrupt

    run = run_in(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        train_until(Counter(), 5, run, on_progress=stop, every=3)
    assert run.load() == {"step": 3}


def test_data_and_teacher_are_needed(tmp_path: Path) -> None:
    assert needed(tmp_path, tmp_path) == (tmp_path, tmp_path)
    with pytest.raises(TrainingError, match="--data"):
        needed(None, tmp_path)
    with pytest.raises(TrainingError, match="--teacher"):
        needed(tmp_path, None)
