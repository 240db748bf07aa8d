"""``impasto steer``: look at an optimization that runs, and change it; no torch is needed."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from impasto.cli.optimize_runs import find_run, settings_of_run
from impasto.cli.show import duration
from impasto.weights.runs import RunFolder

NEXT = {
    "strength": "goes on at strength {0:g}",
    "pause": "waits; let it go on: --continue",
    "continue": "goes on",
    "stop": "stops and writes its picture",
}


def steer(
    place: Annotated[
        Path,
        typer.Argument(metavar="RUN", help="The picture that is being painted, or its run folder."),
    ],
    strength: Annotated[
        float | None, typer.Option("--strength", metavar="NUMBER", help="Go on at it.  [0 to 100]")
    ] = None,
    pause: Annotated[
        bool | None, typer.Option("--pause/--continue", help="Wait, and go on.")
    ] = None,
    stop: Annotated[
        bool, typer.Option("--stop", help="End now and write the picture as it is.")
    ] = False,
) -> None:
    """Change an optimization while it runs; without an option, say how far it is.

    impasto steer out.png --strength 70
    """
    from impasto.methods.optimize.control import Watch

    run = find_run(place)
    settings_of_run(run)
    told: dict[str, Any] = {"strength": strength, "pause": pause, "stop": stop or None}
    told = {name: value for name, value in told.items() if value is not None}
    if told:
        replace(Watch(run).look(), **told).write(run)
    typer.echo(_in_words(run))
    for name, value in told.items():
        words = NEXT["continue" if value is False else name].format(value)
        typer.echo(f"At its next step it {words}.")


def _in_words(run: Path) -> str:
    """Return how far a run is, by the last whole line of its events."""
    folder = RunFolder(run)
    events = folder.read_events()
    if not events:
        return f"{run}: no step is done yet"
    event = events[-1]
    ago = duration(max(0.0, time.time() - folder.events.stat().st_mtime))
    values = event["values"]
    return (
        f"{run}: step {event['step']} of {event['total']}, {values['size']:.0f} pixels, "
        f"loss {values['loss']:.4f}, {duration(event['eta_s'])} left; the last step was {ago} ago"
    )
