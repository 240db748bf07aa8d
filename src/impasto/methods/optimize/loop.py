"""The optimisation: scale after scale, saved now and then, steered, guarded, told about."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from impasto.device.progress import OnProgress, Progress
from impasto.errors import EngineError, UsageError
from impasto.methods.optimize.checkpoint import load, save, save_preview, saved
from impasto.methods.optimize.control import Watch
from impasto.methods.optimize.objective import Evaluation, Objective
from impasto.methods.optimize.optimizers import OPTIMIZERS, Diverged, Optimizer, State, enlarged
from impasto.methods.optimize.probes import Term
from impasto.methods.optimize.schedule import Clock, Scale, rate_at
from impasto.weights.runs import RunFolder

PAUSE = 0.2  # seconds between looks at the control file while paused
WINDOW = 20  # steps whose mean loss is compared with the mean of those before
GUARDED = 1 << 24  # numbers in a picture, above which no good copy is kept in memory
PROBED = 5  # steps after which the pace is known well enough to plan all others
WILD = 10.0  # times the best loss of a scale: that is no progress
PERFECT = 0.1  # loss that is as good as none: from a perfect picture any step makes it many times
TRIES = 5  # times the rate is halved before giving up


@dataclass(frozen=True)
class Task:
    """What is optimised: how a canvas of a size becomes an objective, and where to begin."""

    scales: Sequence[Scale]
    objective: Callable[[Scale], Objective]
    start: Callable[[Scale], Tensor]
    weights: Callable[[float], Mapping[Term, float]]  # of a strength
    strength: float
    optimizer: str
    rate: float
    generator: torch.Generator
    seed: int
    device: torch.device
    identity: str  # what else the result follows from: a run of another one is not continued
    tolerance: float = 0.0  # in percent
    budget: float | None = None  # seconds
    save_every: float = 20.0


class Optimization:
    """One run of a task; with a folder it can be watched, steered and continued.

    Args:
        folder: where state, events and preview go; None keeps everything in memory.
        resume: go on from the folder's state; without one there, begin.
        on_progress: called after every step; what it raises ends the run, saved.
        on_note: told in words what was done about trouble.
    """

    def __init__(
        self,
        task: Task,
        folder: RunFolder | None = None,
        *,
        resume: bool = False,
        on_progress: OnProgress | None = None,
        on_note: Callable[[str], None] | None = None,
    ) -> None:
        self.task, self.folder = task, folder
        self._tell, self._note = on_progress, on_note or (lambda text: None)
        self.scales, self.at, self.step = list(task.scales), 0, 0
        self.strength, self.slower = task.strength, 1.0
        self.losses: list[float] = []
        self._whole = True
        self._told: Progress | None = None
        self.clock = Clock(task.budget)
        self.watch = Watch(folder.folder if folder else None)
        if resume and folder is not None and saved(folder):
            self._optimizer = self._restore(folder)
        else:
            self._optimizer = OPTIMIZERS[task.optimizer](task.start(self.scales[0]))

    def run(self) -> Tensor:
        """Take all steps that are left and return the picture, 1 3 H W in [0, 1].

        Raises EngineError where the objective stays without a number; whatever ends it, the state
        is saved first.
        """
        try:
            while self.at < len(self.scales):
                self._scale()
                if self.watch.look().stop:
                    break
                self.at, self.step, self.losses = self.at + 1, 0, []
        except (KeyboardInterrupt, Exception):
            if self._whole and self._told:  # not within a step, and not before the first
                self._save()
            raise
        return enlarged(self._optimizer.result, self.task.scales[-1].size).clamp_(0, 1)

    def _scale(self) -> None:
        if self.step == 0:
            self.scales[self.at :] = self.clock.fitted(self.scales[self.at :])
            self._whole = False
            self._optimizer.resized(self.scales[self.at].size)
            self._whole = True
        scale = self.scales[self.at]
        self._seed(0)
        objective = self.task.objective(scale)
        guard = _Guard(self._optimizer, scale)
        last_saved = time.monotonic()
        while self.step < scale.steps and not self._settled():
            if self._told_to_stop(guard) or (self.clock.over and self.at == len(self.scales) - 1):
                return
            begun = time.monotonic()
            self._whole = False
            found = self._move(objective, scale, guard)
            self.step += 1
            self._whole = True
            self.losses.append(found.loss)
            self.clock.took(scale, time.monotonic() - begun)
            if self.at == 0 and self.step == PROBED:  # now the pace is known, and time to fill
                self.scales = self.clock.fitted(self.scales, self.step)
                scale = self.scales[0]
            if time.monotonic() - last_saved >= self.task.save_every or self.step == scale.steps:
                self._save()
                last_saved = time.monotonic()
            self._report(scale, found)

    def _move(self, objective: Objective, scale: Scale, guard: "_Guard") -> Evaluation:
        weights = self.task.weights(self.strength)
        if self.task.optimizer == "adam":  # L-BFGS needs one objective for a whole scale
            self._seed(1 + self.step)
            objective.redraw()
        for _ in range(TRIES):
            rate = self.slower * rate_at(self.step, scale.steps, self.task.rate)
            guard.remember(self.step)
            try:
                found = self._optimizer.step(lambda x: objective.evaluate(x, weights), rate)
                guard.check(found)
                return found
            except Diverged:
                self.slower /= 2
                guard.back()
                self._note(f"the loss went astray: back to a good picture, at {self.slower:g} rate")
        raise EngineError(
            "The objective is not a number, or leaps, at any rate of steps. Try --precision f32, "
            "--optimizer adam or another --criterion."
        )

    def _seed(self, number: int) -> None:
        """Seed what is random by the place in the run alone: a resumed one goes on alike."""
        self.task.generator.manual_seed(hash((self.task.seed, self.at, number)) % 2**63)

    def _told_to_stop(self, guard: "_Guard") -> bool:
        control = self.watch.look()
        while control.pause and not control.stop:
            time.sleep(PAUSE)
            if self._tell is not None and self._told is not None:
                self._tell(self._told)  # so that who wants to end the run now can
            control = self.watch.look()
        if control.strength is not None and control.strength != self.strength:
            # Another objective: with losses and curvatures that are not those before.
            self.strength, self.losses = control.strength, []
            guard.forget()
            self._optimizer.resized(self.scales[self.at].size)
        return control.stop

    def _settled(self) -> bool:
        if not self.task.tolerance or len(self.losses) < 2 * WINDOW:
            return False
        before = float(np.mean(self.losses[-2 * WINDOW : -WINDOW]))
        gain = (before - float(np.mean(self.losses[-WINDOW:]))) / max(before, 1e-12)
        return gain * 100 < self.task.tolerance

    def _report(self, scale: Scale, found: Evaluation) -> None:
        done = sum(one.steps for one in self.scales[: self.at]) + self.step
        total = sum(one.steps for one in self.scales)
        eta = self.clock.eta(self.scales[self.at :], self.step)
        values = {"size": float(max(scale.size)), "loss": found.loss}
        values |= {str(term): value for term, value in found.terms.items()}
        preview = str(self.folder.preview) if self.folder else None
        event = self._told = Progress("step", done, total, eta, values, preview)
        if self.folder is not None:
            self.folder.log(event)
        if self._tell is not None:
            self._tell(event)

    def _save(self) -> None:
        if self.folder is None:
            return
        known: dict[str, Any] = {
            "identity": self.task.identity,
            "scales": [asdict(one) for one in self.scales],
            "at": self.at,
            "step": self.step,
            "strength": self.strength,
            "slower": self.slower,
            "losses": self.losses[-2 * WINDOW :],
        }
        save(self.folder, self._optimizer.state(), known)
        save_preview(self.folder, self._optimizer.result)

    def _restore(self, folder: RunFolder) -> Optimizer:
        state, known = load(folder)
        if known["identity"] != self.task.identity:
            raise UsageError(
                f"{folder.folder} holds a run of another photo, style or settings. Continue it "
                "with the words it was begun with, or begin anew without --resume."
            )
        self.scales = [Scale(**one) for one in known["scales"]]
        self.at, self.step = known["at"], known["step"]
        self.strength, self.slower = known["strength"], known["slower"]
        self.losses = known["losses"]
        optimizer = OPTIMIZERS[self.task.optimizer](state["picture"].to(self.task.device))
        optimizer.restore(state)
        return optimizer


class _Guard:
    """Keeps a good state in memory, and tells when the optimisation has gone astray."""

    def __init__(self, optimizer: Optimizer, scale: Scale) -> None:
        self._optimizer, self._best = optimizer, float("inf")
        self._kept = scale.height * scale.width * 3 <= GUARDED
        self._good = self._copy() if self._kept else None
        self._next: State | None = None

    def remember(self, step: int) -> None:
        """Copy the state now and then; it is a good one once its loss is known to be."""
        if self._kept and step % WINDOW == 0:
            self._next = self._copy()

    def check(self, found: Evaluation) -> None:
        """Raise Diverged where the loss is far above the best so far."""
        if found.loss > WILD * max(self._best, PERFECT) and self._good is not None:
            raise Diverged
        self._best = min(self._best, found.loss)
        if self._next is not None:
            self._good, self._next = self._next, None

    def forget(self) -> None:
        """Compare with no loss before."""
        self._best = float("inf")

    def back(self) -> None:
        """Go back to the good state."""
        if self._good is not None:
            self._optimizer.restore({name: one.clone() for name, one in self._good.items()})

    def _copy(self) -> State:
        return {name: one.clone() for name, one in self._optimizer.state().items()}
