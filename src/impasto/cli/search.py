"""``impasto train ... --search trials=20``: many short trainings, and the best as a recipe."""

import math
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from impasto.cli.extras import check_extra
from impasto.cli.show import shown, table
from impasto.cli.stopping import stopping
from impasto.errors import Interrupted, UsageError
from impasto.settings.recipes import name_of
from impasto.settings.search import SearchSettings, spans_of
from impasto.settings.training import TrainingSettings

if TYPE_CHECKING:
    from impasto.device.progress import Progress
    from impasto.training.trials import Found


def search_by(settings: TrainingSettings, how: SearchSettings, folder: Path, resume: bool) -> None:
    """Search, show the trials, and say what to do with the best."""
    if how.search is None:
        raise UsageError("--search-over needs the number of trials: --search trials=20")
    trials = how.trials
    spans = () if resume and not how.search_over else spans_of(how.search_over, settings)
    check_extra("A search", "optuna")
    from impasto.training.search import search

    place = shlex.quote(str(folder))
    try:
        with shown({"train": "Training a trial"}, _note) as show, stopping(show) as on_progress:
            found = search(
                settings, folder, spans, trials,
                by=how.search_by, resume=resume, on_progress=on_progress,
            )  # fmt: skip
    except Interrupted as error:
        again = f"impasto train {name_of(settings)} -o {place} --search trials={trials} --resume"
        raise Interrupted(f"{error}; continue with: {again}") from error
    for line in _lines(found):
        typer.echo(line, err=True)
    typer.echo(f"{found.best}")
    typer.echo(
        f"Train by it, as long as it is worth: impasto train run {shlex.quote(str(found.best))} "
        "-o mine.run",
        err=True,
    )


def _lines(found: "Found") -> list[str]:
    """Return a table of the trials, the best first."""
    fields = list(found.trials[0].values)
    rated = any(trial.score is not None for trial in found.trials)
    rows = [["trial", "held-out loss", *(["people"] if rated else []), *fields]]
    for trial in found.trials:
        score = "-" if trial.score is None else f"{trial.score:+.2f}"
        loss = f"{trial.loss:.4g}" if math.isfinite(trial.loss) else "failed"
        values = [f"{v:.3g}" if isinstance(v, float) else str(v) for v in trial.values.values()]
        rows.append([f"{trial.number:03}", loss, *([score] if rated else []), *values])
    return table(rows)


def _note(event: "Progress") -> str:
    return f"loss {event.values['loss']:.3f}"
