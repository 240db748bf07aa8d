"""One step of a training, whatever the recipe: gradients, weights, their running average."""

import contextlib
import copy
import math
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from impasto.device.progress import OnProgress
from impasto.errors import Diverged, TrainingError
from impasto.settings.recipes import name_of
from impasto.settings.training import TrainingSettings
from impasto.training.batches import Batch, Terms, rows, split, total
from impasto.training.clock import Clock
from impasto.training.data.loader import Loader
from impasto.training.machine import Machine
from impasto.training.memory import Guard
from impasto.training.recipes.base import Recipe
from impasto.training.runs import Run
from impasto.training.schedule import Plateau, Stage, rate_at, smallest_batch, stage_at
from impasto.training.watch.monitor import Monitor, Unpainted


class Learner(nn.Module):
    """The losses of a recipe as one module, so that processes may share its gradients."""

    def __init__(self, recipe: Recipe) -> None:
        super().__init__()
        self.network, self._terms = recipe.network, recipe.terms

    def forward(self, batch: Batch) -> Terms:
        return self._terms(self.network, batch)


class NetworkTrainer:
    """Everything that changes while a network learns, and one step of it."""

    def __init__(self, recipe: Recipe, machine: Machine, clock: Clock) -> None:
        self.recipe, self.machine, self.clock = recipe, machine, clock
        self.settings = settings = recipe.settings
        check_shared(settings, machine.count)
        network = recipe.network.to(machine.device)
        if settings.channels_last:
            network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.network = network
        self.average = copy.deepcopy(network).requires_grad_(False).eval()
        self.optimizer = torch.optim.Adam(
            [{"params": group, "pace": pace} for pace, group in recipe.paces() if group],
            lr=settings.learning_rate,
        )
        half = machine.dtype == torch.float16
        self.scaler = torch.amp.GradScaler(machine.device.type, enabled=half)
        self.learner: nn.Module = Learner(recipe)
        if machine.count > 1:
            self.learner = DistributedDataParallel(self.learner)
        self.plateau = Plateau()
        self.guard = Guard(settings.accumulate, shared=machine.count > 1)
        self.step, self.seen, self.rate = 0, 0, 0.0
        self.held_out: dict[str, float] = {}
        self.monitor: Monitor | None = None
        self._begun = time.monotonic()
        self._stage: Stage | None = None
        self._loader: Loader[Batch] | None = None
        self._waited = 0.0

    def state(self) -> dict[str, Any]:
        """Return all that an exact continuation needs."""
        return {
            "recipe": name_of(self.settings),
            "step": self.step,
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "config": self.recipe.network.config(),  # type: ignore[operator]
            "optimizer": self.optimizer.state_dict(),
            "scaler": self.scaler.state_dict(),
            "plateau": vars(self.plateau),
            "parts": self.guard.parts,
            "spent": self.clock.spent,
            "held_out": self.held_out,
            "data": self.recipe.fingerprint,
            "card": self.recipe.card(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Continue from a saved state; the clock is made of it before.

        Raises TrainingError where the state is of other pictures or another network.
        """
        if state["data"] != self.recipe.fingerprint:
            raise TrainingError(
                "The pictures are not those that this run began with, so it cannot be continued "
                "exactly. Give the same --data and paintings again, or begin another run: its "
                "--fine-tune may be a model exported from this one."
            )
        if state["config"] != self.recipe.network.config():  # type: ignore[operator]
            raise TrainingError(
                f"The network of this run has {state['config']}, and the settings ask for "
                f"{self.recipe.network.config()}. "  # type: ignore[operator]
                "Continue with the run's own settings, or begin another run."
            )
        self.step = state["step"]
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        paces = [group["pace"] for group in self.optimizer.param_groups]
        self.optimizer.load_state_dict(state["optimizer"])
        for group, pace in zip(self.optimizer.param_groups, paces, strict=True):
            group["pace"] = pace  # as it is set now, like the learning rate
        self.scaler.load_state_dict(state["scaler"])
        self.plateau = Plateau(**state["plateau"])
        self.guard.parts = max(self.guard.parts, state["parts"])
        self.held_out = state["held_out"]

    @property
    def waited(self) -> float:
        """Seconds that steps waited for their pictures."""
        return self._waited + (self._loader.waited if self._loader else 0.0)

    def train_step(self) -> dict[str, float]:
        """Take one step; return every loss term by name, over the batches of all processes."""
        done = self.clock.done(self.step)
        batch = self._next(stage_at(self.settings, done, self.recipe.multiple))
        terms = self.guard.run(lambda parts: self._gradients(batch, parts), rows(batch))
        self.rate = rate_at(self.settings, self.step, done, self.plateau.factor)
        self._update()
        self.step += 1
        return terms

    def _next(self, stage: Stage) -> Batch:
        """Return this process's places of the batch; where the stage is new, drawn anew."""
        if self._loader is None or stage != self._stage:
            self.close()
            rank, count = self.machine.rank, self.machine.count
            places = range(stage.batch * rank // count, stage.batch * (rank + 1) // count)
            self._stage = stage
            self._loader = Loader(
                partial(self.recipe.draw, places=places, size=stage.size),
                self.step,
                workers=self.settings.workers,
                ahead=2 * self.settings.workers,
            )
        self.seen += stage.batch
        return next(self._loader)

    def close(self) -> None:
        """Stop reading pictures ahead."""
        if self._loader is not None:
            self._waited += self._loader.waited
            self._loader.close()
            self._loader = None

    def _gradients(self, batch: Batch, parts: int) -> dict[str, float]:
        """Leave the gradients of a batch in the weights; return its terms, of all processes."""
        assert self._stage is not None
        self.optimizer.zero_grad(set_to_none=True)
        pieces = list(split(batch, parts))
        sums: dict[str, Tensor] = {}
        for i, piece in enumerate(pieces):
            share = rows(piece) / self._stage.batch
            with self._shared(last=i == len(pieces) - 1):
                terms = self.learner(piece)
                # Processes take the mean of their gradients, and this is a sum over them.
                loss = total(terms, self.recipe.weights) * (share * self.machine.count)
                self.scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
            for name, value in terms.items():
                sums[name] = sums.get(name, 0) + value.detach().float() * share
        found = self.machine.summed(torch.stack(list(sums.values())))
        if not torch.isfinite(found).all():
            raise self._diverged("loss")
        told = dict(zip(sums, found.tolist(), strict=True))
        return {"loss": sum(self.recipe.weights[name] * told[name] for name in told), **told}

    @contextlib.contextmanager
    def _shared(self, last: bool) -> Iterator[None]:
        """Let processes exchange gradients with the last piece alone."""
        several = isinstance(self.learner, DistributedDataParallel) and not last
        with self.learner.no_sync() if several else contextlib.nullcontext():  # type: ignore[operator]
            yield

    def _update(self) -> None:
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate * group["pace"]
        self.scaler.unscale_(self.optimizer)
        norm = nn.utils.clip_grad_norm_(self.recipe.parameters(), self.settings.clip or math.inf)
        if not self.scaler.is_enabled() and not norm.isfinite():  # a scaler leaves the step out
            raise self._diverged("gradient")  # before weights that are no numbers are saved
        self.scaler.step(self.optimizer)
        self.scaler.update()
        decay = min(self.settings.average, (self.step + 1) / (self.step + 11))
        with torch.no_grad():
            pairs = zip(self.average.parameters(), self.network.parameters(), strict=True)
            for ours, theirs in pairs:
                ours.lerp_(theirs, 1 - decay)

    def _diverged(self, what: str) -> Diverged:
        return Diverged(
            f"The {what} is not a number at step {self.step}. Continue with --resume and a "
            f"--learning-rate below {self.settings.learning_rate:g}, or with --precision f32."
        )

    def figures(self) -> dict[str, float]:
        """Return how fast it is, the share of the time that pictures were waited for, and more."""
        seconds = max(1e-9, time.monotonic() - self._begun)
        stage = self._stage or Stage(0, 0)
        return {
            "pictures_per_second": self.seen / seconds,
            "waiting": self.waited / seconds,
            "learning_rate": self.rate,
            "size": stage.size,
            "batch": stage.batch,
        }

    def words(self) -> str:
        """Return what a person should be told now, once."""
        said, self.guard.said = self.guard.said, ""
        return said

    def show(self, run: Run) -> None:
        """Measure on photos held out, and let the monitor show and judge it."""
        if self.machine.rank == 0:
            self.held_out = self.measure(self.average)
        self.plateau.see(self.machine.agreed(self.held_out.get("loss", 0.0)))
        if self.monitor is not None:
            with torch.no_grad():
                made = self.recipe.samples(self.average)
            done = self.clock.done(self.step)
            self.monitor.samples(
                self.step, done, made.content, made.painted, self.held_out, made.styles
            )

    def watched(self, run: Run, on_progress: OnProgress | None) -> Monitor:
        """Return what watches this training from here on."""
        self.monitor = Monitor(
            run,
            self.settings,
            first=self.step,
            unpainted=self.measure(Unpainted()),
            on_progress=on_progress,
        )
        return self.monitor

    @torch.no_grad()
    def measure(self, network: nn.Module) -> dict[str, float]:
        """Return the terms of a network on photos held out, the same each time."""
        count = self.settings.held_out
        sums: dict[str, float] = {}
        for piece in split(self.recipe.draw_held_out(count, self.recipe.last_size), count):
            for name, value in self.recipe.terms(network, piece).items():
                sums[name] = sums.get(name, 0.0) + float(value) / count
        return {"loss": sum(self.recipe.weights[name] * sums[name] for name in sums), **sums}


def check_shared(settings: TrainingSettings, count: int) -> None:
    """Raise TrainingError where a batch, at its smallest, has no crop for some process."""
    if (least := smallest_batch(settings)) < count:
        enough = math.ceil(count * max(1, settings.last_size / settings.size))
        raise TrainingError(
            f"{count} processes share a batch, and at the largest crops it has {least} of them. "
            f"Give --batch {enough} or more, or start fewer processes."
        )
