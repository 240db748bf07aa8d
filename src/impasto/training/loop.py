"""The loop that every training shares: steps, events, saved states, an end by Ctrl-C."""

from dataclasses import replace
from typing import Any, Protocol

import numpy as np

from impasto.device.progress import OnProgress, Progress
from impasto.errors import Interrupted
from impasto.training.clock import Clock
from impasto.training.runs import Run


class Trainer(Protocol):
    """All that changes while a network learns."""

    step: int

    def state(self) -> dict[str, Any]:
        """Return all that an exact continuation needs."""

    def train_step(self) -> dict[str, float]:
        """Take one step; return every loss term by name."""

    def figures(self) -> dict[str, float]:
        """Return what else is worth logging: how fast it is, the learning rate."""

    def words(self) -> str:
        """Return what a person should be told now, once; mostly nothing."""

    def show(self, run: Run) -> None:
        """Measure, and write what a person wants to see of the run so far."""


def train_until(
    trainer: Trainer,
    clock: Clock,
    run: Run,
    *,
    log: OnProgress | None = None,
    on_progress: OnProgress | None = None,
    every: int = 10,
    show_every: int = 250,
    save_every: int = 250,
    recent: list[dict[str, float]] | None = None,
) -> None:
    """Train to the end of the clock; tell the losses, and save the state on the way.

    Now and then an event is logged, by `log` or else into the run's folder.
    Every step is told to `on_progress` with the mean losses since the last event that was logged.
    What it raises to stop the work, and KeyboardInterrupt, saves the state and is raised again; but
    in the middle of a step there is none, and the one saved before stays.
    `recent` are the losses that a continued run had not logged yet.
    """
    recent = list(recent or ())
    saved = trainer.step
    stepping = False

    def save() -> None:
        nonlocal saved
        run.save({**trainer.state(), "recent": recent})
        saved = trainer.step

    try:
        while clock.done(trainer.step) < 1:
            stepping = True
            recent.append(trainer.train_step())
            stepping = False
            event = _event(trainer, clock, recent)
            over = clock.done(trainer.step) >= 1
            if over or trainer.step % every == 0:
                (log or run.log)(event)
                recent.clear()
            if over or trainer.step % show_every == 0:
                trainer.show(run)
            if over or trainer.step % save_every == 0:
                save()
            _tell_words(trainer, event, run, on_progress)
            if on_progress:
                on_progress(event)
    except (KeyboardInterrupt, Interrupted):
        if saved != trainer.step and not stepping:
            save()
        raise


def _tell_words(
    trainer: Trainer, event: Progress, run: Run, on_progress: OnProgress | None
) -> None:
    if words := trainer.words():
        told = replace(event, kind="note", values={}, words=words)
        run.log(told)
        if on_progress:
            on_progress(told)


def _event(trainer: Trainer, clock: Clock, recent: list[dict[str, float]]) -> Progress:
    means = {name: float(np.mean([terms[name] for terms in recent])) for name in recent[0]}
    step = trainer.step
    values = {**means, **trainer.figures()}
    return Progress("train", step, clock.total(step), clock.eta(step), values)
