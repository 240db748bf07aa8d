"""Train a network by a recipe, in a run folder: one function for every recipe."""

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch

from impasto.device.progress import OnProgress
from impasto.settings.recipe_files import to_recipe
from impasto.settings.training import TrainingSettings
from impasto.training.clock import Clock
from impasto.training.loop import train_until
from impasto.training.machine import Machine, joined
from impasto.training.recipes.registry import recipe_of
from impasto.training.runs import Run, Silent
from impasto.training.trainer import NetworkTrainer
from impasto.weights.files import write_atomically

RESULT = "result.json"


@dataclass(frozen=True)
class Result:
    """What a training came to."""

    folder: Path
    step: int
    values: Mapping[str, float]  # the last losses of the averaged network on photos held out


def train(
    settings: TrainingSettings,
    folder: Path,
    *,
    resume: bool = False,
    on_progress: OnProgress | None = None,
) -> Result:
    """Train a network into a run folder, as its recipe says.

    Where torchrun started several processes, each does its part and the first one writes. `resume`
    continues exactly: weights, optimiser, what is drawn.

    Raises:
        TrainingError: data are missing, the folder holds a run already, with `resume` none or one
            of other pictures, or the loss is no number any more.
        OutputError: the run cannot be written; its last saved state is whole.
        Interrupted: `on_progress` raised it to stop the work, which is saved.
    """
    with joined(settings) as machine:
        run = Run(folder) if machine.rank == 0 else Silent(folder)
        return _train(settings, run, machine, resume, on_progress if machine.rank == 0 else None)


def _train(
    settings: TrainingSettings,
    run: Run,
    machine: Machine,
    resume: bool,
    on_progress: OnProgress | None,
) -> Result:
    state = run.load() if resume else None
    if state is None:
        run.check_new()
    torch.manual_seed(settings.seed)  # of the weights it begins with
    recipe = recipe_of(settings, machine)
    spent = 0.0 if state is None else state["spent"]
    clock = Clock(settings.steps, settings.budget_s, spent, machine.agreed)
    trainer = NetworkTrainer(recipe, machine, clock)
    if state is not None:
        trainer.restore(state)
    with run.held(), contextlib.closing(trainer), contextlib.ExitStack() as stack:
        run.create(to_recipe(settings))
        log: OnProgress = run.log
        if machine.rank == 0:
            log = stack.enter_context(contextlib.closing(trainer.watched(run, on_progress))).losses
        clock.begin()
        train_until(
            trainer,
            clock,
            run,
            log=log,
            on_progress=on_progress,
            show_every=settings.sample_every,
            save_every=settings.save_every,
            recent=None if state is None else state["recent"],
        )
    result = Result(run.folder, trainer.step, trainer.held_out)
    if machine.rank == 0:
        text = json.dumps({"step": result.step, "values": dict(result.values)}, indent=2)
        write_atomically(run.folder / RESULT, f"{text}\n".encode())
    return result
