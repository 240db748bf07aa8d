"""Watches one training: events, TensorBoard, samples, and verdicts in plain words."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from torch import Tensor, nn

from impasto.device.progress import OnProgress, Progress
from impasto.evaluation.checkerboard import checkerboard_score
from impasto.settings.schema import to_mapping
from impasto.training.watch.board import Board
from impasto.training.watch.grid import sample_grid
from impasto.training.watch.verdicts import (
    JUDGES,
    Measured,
    Terms,
    Verdict,
    standing,
    style_left,
)
from impasto.weights.files import write_atomically
from impasto.weights.runs import RunFolder

END = 1 / 510  # of the range of values: within half a level of an end is clipped


class Monitor:
    """Tells what happens in a run: to its folder, and what is wrong also to who listens.

    Events are of kind ``train`` (mean losses of some steps), ``held-out`` (losses and measures on
    photos kept apart, with the sheet of samples) and ``verdict``, whose ``words`` say what is wrong
    and what to change; each once when it begins, and once when it is over.

    Args:
        run: its folder.
        settings: of the recipe; advice names its fields and their values.
        first: the step that the run is continued from, 0 for a new one.
        unpainted: what the photos kept apart score as they are, by the terms of ``held_out``.
        on_progress: hears the verdicts.
    """

    def __init__(
        self,
        run: RunFolder,
        settings: Any,
        *,
        first: int = 0,
        unpainted: Terms | None = None,
        on_progress: OnProgress | None = None,
    ) -> None:
        self.run, self.settings = run, to_mapping(settings)
        self.unpainted: Terms = unpainted or {}
        self._on_progress = on_progress
        self._board = Board(run.folder, first)
        self._now = Progress("train", first, first, 0.0)
        past = run.rewind(first)
        self._train = [event["values"] for event in past if event["kind"] == "train"]
        self._held_out = [event["values"] for event in past if event["kind"] == "held-out"]
        self._told = standing(past)

    def losses(self, event: Progress) -> None:
        """Tell the mean losses of the steps since the last time.

        Its values may hold learning_rate, pictures_per_second, waiting (share of the time that was
        spent on waiting for data) and size (of the crops) as well.
        """
        self._now = event
        self._train.append(event.values)
        self._board.scalars("train", event.step, event.values)
        self.run.log(event)
        self._judge(Measured(0.0, train=self._train), ["diverging"])

    def samples(
        self,
        step: int,
        done: float,
        content: Tensor,
        painted: Sequence[Tensor],
        held_out: Terms,
        styles: Sequence[Tensor] = (),
    ) -> None:
        """Tell what the averaged network does on photos kept apart, and judge the run by it.

        Args:
            done: share of the run, 0 to 1.
            content: photos, B 3 H W in [0, 1].
            painted: for each style the paintings of these photos, as the network gave them.
            held_out: unweighted losses, and their weighted sum as ``loss``.
            styles: the pictures of the styles, 3 h w of any size.
        """
        measures = {
            "checkerboard": max(0.0, _grids(painted) - _grids([content])),
            "clipped": max(0.0, _clipped(painted) - max(map(_clipped, ([content], styles)))),
        }
        self._held_out.append(held_out)
        known = Measured(done, self._train, self._held_out, self.unpainted, **measures)
        if self.unpainted:
            measures["style_left"] = style_left(known)
        values = {**held_out, **measures}
        sheet = sample_grid(content, painted, styles)
        self._board.scalars("held-out", step, values)
        self._board.picture(step, sheet)
        total, eta_s, preview = self._now.total, self._now.eta_s, str(self._keep(sheet, step))
        self._now = Progress("held-out", step, total, eta_s, values, preview)
        self.run.log(self._now)
        self._judge(known)

    def close(self) -> None:
        """End TensorBoard's file."""
        self._board.close()

    def _keep(self, sheet: "np.ndarray[Any, np.dtype[np.uint8]]", step: int) -> Path:
        file = io.BytesIO()
        Image.fromarray(sheet).save(file, "JPEG", quality=90)
        path = self.run.folder / "samples" / f"{step:06}.jpg"
        for place in (path, self.run.preview):
            write_atomically(place, file.getvalue())
        return path

    def _judge(self, measured: Measured, names: Iterable[str] = JUDGES) -> None:
        for name in names:
            verdict = JUDGES[name](measured, self.settings)
            if (verdict is not None) != (name in self._told):
                self._say(name, verdict)

    def _say(self, name: str, verdict: Verdict | None) -> None:
        if verdict is None:
            self._told.pop(name)
            words = f"step {self._now.step}: no longer {name}."
        else:
            words = self._told[name] = f"step {self._now.step}: {verdict}"
        self._board.words(self._now.step, words)
        values = {name: float(verdict is not None)}
        event = replace(self._now, kind="verdict", values=values, preview=None, words=words)
        self.run.log(event)
        if self._on_progress:
            self._on_progress(event)


class Unpainted(nn.Module):
    """A network that leaves photos as they are: what its losses are, every other one's start at."""

    def forward(self, content: Tensor, vector: Tensor) -> Tensor:
        """Return the content, B 3 H W."""
        return content

    def encode(self, style: Tensor) -> Tensor:
        """Return a vector that says nothing."""
        return style.flatten(1)[:, :1]


def _grids(pictures: Sequence[Tensor]) -> float:
    """Return the mean checkerboard score of batches of pictures."""
    arrays = [one.float().clamp(0, 1).permute(1, 2, 0).cpu().numpy() for b in pictures for one in b]
    return float(np.mean([checkerboard_score(array) for array in arrays]))


def _clipped(pictures: Sequence[Tensor]) -> float:
    """Return the share of values at the ends of the range; 0 of no pictures."""
    ends = [((one <= END) | (one >= 1 - END)).float().mean() for one in pictures]
    return float(sum(map(float, ends)) / len(ends)) if ends else 0.0
