"""``impasto runs``: how far trainings and optimizations are, and what is wrong with them."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from impasto.cli.show import duration, sparkline, table
from impasto.errors import UsageError
from impasto.weights.runs import RunFolder

if TYPE_CHECKING:
    from impasto.training.watch.summary import RunSummary

ROWS = 12  # of the table of one run
CURVES = ("loss", "style", "coarse", "content", "features", "moments")
SHOWN = ("loss", "style", "content", "style_left", "checkerboard", "clipped", "size")


def runs(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FOLDER...", help="Runs, or folders with runs in them.  [default: here]"
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the runs in folders; of one run, show its curves and what happened.

    impasto runs starry.run
    """
    from impasto.training.watch.summary import find_runs, is_run, summarize

    places = folders or [Path()]
    for place in places:
        if not place.is_dir():
            raise UsageError(f'There is no folder "{place}". Name a run, or a folder with runs.')
    found = [summarize(run) for place in places for run in find_runs(place)]
    if not found:
        named = ", ".join(f'"{place}"' for place in places)
        raise UsageError(f"There are no runs in {named}. Begin one: impasto train --help")
    if as_json:
        typer.echo(json.dumps([_plain(one) for one in found], indent=2, allow_nan=False))
    elif len(places) == 1 and is_run(places[0]):
        _show(found[0])
    else:
        _list(found)


def _plain(run: "RunSummary") -> dict[str, Any]:
    plain = {**asdict(run), "folder": str(run.folder)}
    plain |= {"preview": None if run.preview is None else str(run.preview)}
    return {name: _known(value) for name, value in plain.items()}


def _known(value: Any) -> Any:
    """Return a value as JSON has it: null for what is no number."""
    if isinstance(value, dict):
        return {name: _known(one) for name, one in value.items()}
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _list(found: "Sequence[RunSummary]") -> None:
    head = ["run", "recipe", "step", "state", "loss", "held-out", "what is wrong"]
    rows = [
        [
            str(run.folder),
            run.recipe,
            f"{run.step} of {run.total}" if run.total else "-",
            _when(run),
            _number(run.values.get("loss")),
            _number(run.held_out.get("loss")),
            ", ".join(run.verdicts) or "-",
        ]
        for run in found
    ]
    for line in table([head, *rows]):
        typer.echo(line)


def _when(run: "RunSummary") -> str:
    if run.state == "running" and run.total:
        return f"running, {duration(run.eta_s)} left"
    return f"{run.state} {duration(run.age_s)} ago" if run.total else run.state


def _show(run: "RunSummary") -> None:
    events = RunFolder(run.folder).read_events()
    typer.echo(f"{run.folder}  {run.recipe}, step {run.step} of {run.total}, {_when(run)}")
    told = [event["values"] for event in events if event["kind"] in ("train", "step")]
    measured = [event for event in events if event["kind"] == "held-out"]
    curves = [["training", *_curve(name, told)] for name in CURVES]
    curves += [["held-out", *_curve(name, [one["values"] for one in measured])] for name in CURVES]
    for line in table([row for row in curves if len(row) > 1]):
        typer.echo(f"  {line}")
    if speed := run.values.get("pictures_per_second"):
        waiting = run.values.get("waiting", 0.0)
        typer.echo(f"  {speed:.3g} pictures per second, {waiting:.0%} of the time spent on waiting")
    for line in _events_table(measured or [event for event in events if event["kind"] == "step"]):
        typer.echo(f"  {line}")
    for event in events:
        if event["kind"] == "verdict":
            typer.echo(f"  {event['words']}")
    if run.preview:
        typer.echo(f"  samples: {run.preview}")


def _curve(name: str, values: Sequence[Mapping[str, float]]) -> list[str]:
    """Return a curve's cells: its name, its line, where it began and where it is."""
    numbers = [one[name] for one in values if name in one]
    if not numbers:
        return []
    # By ratios, or the first losses would be all that is seen.
    line = sparkline([math.log(one) for one in numbers] if min(numbers) > 0 else numbers)
    return [name, line, f"{_number(numbers[0])} → {_number(numbers[-1])}"]


def _events_table(events: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return some of the events as lines, the last one too."""
    if not events:
        return []
    names = [name for name in SHOWN if name in events[-1]["values"]]
    every = -(-len(events) // ROWS)
    rows = [
        [str(event["step"]), *(_number(event["values"].get(name)) for name in names)]
        for event in events[(len(events) - 1) % every :: every]
    ]
    return table([["step", *names], *rows])


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3g}"
