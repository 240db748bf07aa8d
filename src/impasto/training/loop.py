"""The loop that every training shares: steps, events, saved states, an end by Ctrl-C."""

import time
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from impasto.device.progress import OnProgress, Progress
from impasto.errors import TrainingError
from impasto.training.runs import Run


class Trainer(Protocol):
    """All that changes while a network learns."""

    step: int

    def state(self) -> dict[str, Any]:
        """Return all that an exact continuation needs."""

    def train_step(self) -> dict[str, float]:
        """Take one step; return every loss term by name."""

    def show(self, run: Run) -> None:
        """Write what a person wants to see of the run so far."""


def train_until(
    trainer: Trainer,
    steps: int,
    run: Run,
    *,
    on_progress: OnProgress | None = None,
    every: int = 50,
    save_every: int = 250,
) -> None:
    """Train up to a step; every so many steps tell the mean losses, and save the state.

    KeyboardInterrupt saves the state and is raised again.
    """
    recent: list[dict[str, float]] = []
    started, first = time.monotonic(), trainer.step
    try:
        while trainer.step < steps:
            recent.append(trainer.train_step())
            if trainer.step % every == 0 or trainer.step == steps:
                pace = (time.monotonic() - started) / (trainer.step - first)
                values = {name: float(np.mean([r[name] for r in recent])) for name in recent[0]}
                left = pace * (steps - trainer.step)
                event = Progress("train", trainer.step, steps, left, values)
                recent = []
                run.log(event)
                if on_progress:
                    on_progress(event)
            if trainer.step % save_every == 0 or trainer.step == steps:
                run.save(trainer.state())
                trainer.show(run)
    except KeyboardInterrupt:
        run.save(trainer.state())
        raise


def needed(data: Path | None, teacher: Path | None) -> tuple[Path, Path]:
    """Return both paths; raise TrainingError where one was not given."""
    if data is None or teacher is None:
        missing = "--data" if data is None else "--teacher"
        raise TrainingError(
            f"Training needs {missing}: a folder with content/ and style/ pictures as --data, "
            "and the weights of VGG-19 as --teacher."
        )
    return data, teacher
