"""The loop: it stops at the step, tells and saves on the way, and keeps what Ctrl-C ends."""

from pathlib import Path
from typing import Any

import pytest

from impasto.device.progress import OnProgress, Progress
from impasto.errors import Interrupted
from impasto.training.clock import Clock
from impasto.training.loop import train_until
from impasto.training.runs import Run


class Counter:
    """Learns nothing; its loss is its step."""

    def __init__(self) -> None:
        self.step, self.shown, self.said = 0, 0, ""

    def state(self) -> dict[str, Any]:
        return {"step": self.step}

    def train_step(self) -> dict[str, float]:
        self.step += 1
        return {"loss": float(self.step)}

    def figures(self) -> dict[str, float]:
        return {"learning_rate": 1.0}

    def words(self) -> str:
        return self.said

    def show(self, run: Run) -> None:
        self.shown += 1


def run_in(folder: Path) -> Run:
    run = Run(folder)
    run.create("")
    return run


def stop_at(step: int) -> OnProgress:
    def stop(event: Progress) -> None:
        if event.step == step:
            raise Interrupted("stopped")

    return stop


def test_events_tell_the_mean_since_the_last_logged_one(tmp_path: Path) -> None:
    run, counter, events = run_in(tmp_path), Counter(), list[Progress]()
    train_until(
        counter, Clock(5), run, on_progress=events.append, every=2, show_every=2, save_every=2
    )
    told = [(e.step, e.values["loss"]) for e in events]
    assert told == [(1, 1), (2, 1.5), (3, 3), (4, 3.5), (5, 5)]
    assert [event["step"] for event in run.read_events()] == [2, 4, 5]
    assert run.load() == {"step": 5, "recent": []} and counter.shown == 3


def test_losses_that_were_not_logged_before_a_save_are_kept(tmp_path: Path) -> None:
    run, counter = run_in(tmp_path), Counter()
    with pytest.raises(Interrupted):
        train_until(counter, Clock(3), run, on_progress=stop_at(2))
    state = run.load()
    assert state["recent"] == [{"loss": 1.0}, {"loss": 2.0}]
    train_until(counter, Clock(3), run, recent=state["recent"])
    assert run.read_events()[-1]["values"]["loss"] == 2


def test_ctrl_c_saves_the_step(tmp_path: Path) -> None:
    def stop(event: Progress) -> None:
        if event.step == 3:
            raise KeyboardInterrupt

    run = run_in(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        train_until(Counter(), Clock(5), run, on_progress=stop)
    assert run.load()["step"] == 3


def test_half_a_step_is_not_saved(tmp_path: Path) -> None:
    class Interrupting(Counter):
        def train_step(self) -> dict[str, float]:
            if self.step == 3:
                raise KeyboardInterrupt
            return super().train_step()

    run = run_in(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        train_until(Interrupting(), Clock(5), run, save_every=2)
    assert run.load()["step"] == 2


def test_words_are_told_and_logged(tmp_path: Path) -> None:
    run, counter, events = run_in(tmp_path), Counter(), list[Progress]()
    counter.said = "Mind the gap."
    train_until(counter, Clock(1), run, on_progress=events.append)
    assert [event.words for event in events] == ["Mind the gap.", ""]
    assert [event["words"] for event in run.read_events()] == ["", "Mind the gap."]
