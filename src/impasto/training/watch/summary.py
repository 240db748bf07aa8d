"""What a run folder tells of itself, of a training or an optimization; torch is not needed."""

import json
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from impasto.training.watch.verdicts import standing
from impasto.weights.runs import RunFolder

Event = Mapping[str, Any]
State = Literal["running", "stopped", "finished", "begun"]

COUNTED = ("train", "step", "held-out")  # kinds of events that tell how far a run is


@dataclass(frozen=True)
class RunSummary:
    """How far a run is, and what is known of it."""

    folder: Path
    recipe: str
    state: State
    step: int = 0
    total: int = 0
    eta_s: float = 0.0
    age_s: float = 0.0  # since it told something
    values: Mapping[str, float] = field(default_factory=dict)  # the last losses
    held_out: Mapping[str, float] = field(default_factory=dict)  # the last on photos kept apart
    verdicts: Mapping[str, str] = field(default_factory=dict)  # what is wrong, in words
    preview: Path | None = None


def is_run(folder: Path) -> bool:
    """Tell whether a folder is a run's."""
    run = RunFolder(folder)
    return run.settings.is_file() and (run.events.is_file() or run.state.is_dir())


def find_runs(place: Path) -> Iterator[Path]:
    """Give the run folders that are meant by a folder: itself, those in it, trials of a search."""
    if is_run(place):
        yield place
    for folder in (place, *_folders(place)):
        if folder != place and is_run(folder):
            yield folder
        yield from filter(is_run, _folders(folder / "trials"))


def _folders(place: Path) -> list[Path]:
    try:
        return sorted(one for one in place.iterdir() if one.is_dir())
    except OSError:
        return []


def summarize(folder: Path) -> RunSummary:
    """Return what a run tells; raises UsageError where its events cannot be read."""
    run = RunFolder(folder)
    events = run.read_events()
    recipe = _recipe(run)
    told = [event for event in events if event["kind"] in COUNTED]
    if not told:
        return RunSummary(folder, recipe, "running" if run.at_work() else "begun")
    last = told[-1]
    return RunSummary(
        folder,
        recipe,
        _state(run, last),
        last["step"],
        last["total"],
        last["eta_s"],
        max(0.0, time.time() - run.events.stat().st_mtime),
        latest(events, "train", "step"),
        latest(events, "held-out"),
        standing(events),
        run.preview if run.preview.is_file() else None,
    )


def latest(events: Sequence[Event], *kinds: str) -> Mapping[str, float]:
    """Return the values of the last event of these kinds; none, an empty mapping."""
    for event in reversed(events):
        if event["kind"] in kinds:
            values: Mapping[str, float] = event["values"]
            return values
    return {}


def _state(run: RunFolder, last: Event) -> State:
    if run.at_work():
        return "running"
    if last["kind"] == "step":  # of an optimization, whose state is deleted at its end
        return "stopped" if run.state.is_dir() else "finished"
    result = run.folder / "result.json"
    if result.is_file():
        step = json.loads(result.read_text("utf-8"))["step"]
        return "finished" if step >= last["step"] else "stopped"
    return "finished" if last["step"] >= last["total"] else "stopped"


def _recipe(run: RunFolder) -> str:
    try:
        fields = tomllib.loads(run.settings.read_text("utf-8"))
    except (OSError, ValueError):
        return "?"
    if "recipe" in fields:
        return str(fields["recipe"])
    return "encoder" if "features_weight" in fields else "optimize"
