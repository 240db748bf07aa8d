"""The role that does tasks: it keeps the models open, and gives what each task leaves."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from impasto.serving.tasks.means import Means
from impasto.serving.tasks.registry import run
from impasto.serving.workers.base import Event, Outcome, Task
from impasto.serving.workers.roles import Answer, Call, Handler


def open_role(settings: Mapping[str, Any]) -> Mapping[str, Handler]:
    """Return what this role answers; with ``warm`` a first picture is painted now."""
    means = Means.from_json(settings)
    if settings.get("warm"):
        _warm(means)

    def answer(call: Call) -> Answer:
        def tell(event: Event) -> None:
            call.tell(event_to_json(event))

        outcome = run(task_from_json(call.payload), tell, call.stopped, means)
        return {"files": [str(path) for path in outcome.files], "facts": dict(outcome.facts)}, b""

    return {"run": answer}


def _warm(means: Means) -> None:
    """Load what painting a picture needs, so that nobody waits for that."""
    import numpy as np
    from PIL import Image

    from impasto.methods.stylize import stylize
    from impasto.styles.gallery import names

    Image.init()
    nothing = np.zeros((64, 64, 3), np.uint8)
    stylize(nothing, names()[0], device=means.device, threads=means.threads)


def task_to_json(task: Task) -> dict[str, Any]:
    """Return a task as plain values."""
    inputs = {id: str(path) for id, path in task.inputs.items()}
    return {**vars(task), "request": dict(task.request), "inputs": inputs,
            "folder": str(task.folder)}  # fmt: skip


def task_from_json(values: Mapping[str, Any]) -> Task:
    """Return the task of plain values."""
    inputs = {id: Path(path) for id, path in values["inputs"].items()}
    return Task(**{**values, "inputs": inputs, "folder": Path(values["folder"])})


def event_to_json(event: Event) -> dict[str, Any]:
    """Return an event as plain values."""
    preview = None if event.preview is None else str(event.preview)
    return {"kind": event.kind, "values": dict(event.values), "preview": preview}


def event_from_json(values: Mapping[str, Any]) -> Event:
    """Return the event of plain values."""
    preview = values["preview"]
    return Event(values["kind"], values["values"], None if preview is None else Path(preview))


def outcome_from_json(values: Mapping[str, Any]) -> Outcome:
    """Return the outcome of plain values."""
    return Outcome(tuple(Path(path) for path in values["files"]), values["facts"])
