"""The kinds of tasks, and which lane a request belongs to."""

import importlib
from collections.abc import Mapping
from typing import Any, Protocol

from impasto.errors import UsageError
from impasto.images.resize import fit_long_side
from impasto.serving.jobs.job import Lane
from impasto.serving.tasks.means import Means
from impasto.serving.tasks.reporter import OnEvent, Stopped
from impasto.serving.workers.base import Outcome, Task

# Each module has `run` as below; a kind's libraries are loaded when it is first asked for.
KINDS: dict[str, str] = {
    "stylization": "impasto.serving.tasks.stylization",
    "optimization": "impasto.serving.tasks.optimization",
    "training": "impasto.serving.tasks.training",
    "sheet": "impasto.serving.tasks.sheet",
}
LONG = 8_000_000  # pixels of a result that are no short work
SHEET_SIDE = 384  # long side of a picture on a sheet, where none is asked for


class Run(Protocol):
    """Does one kind of task."""

    def __call__(
        self, task: Task, on_event: OnEvent, stopped: Stopped, means: Means
    ) -> Outcome: ...


def run(task: Task, on_event: OnEvent, stopped: Stopped, means: Means | None = None) -> Outcome:
    """Do a task and return what it left in its folder.

    Args:
        on_event: told how far it is.
        stopped: asked now and then what is wished: "cancel" drops everything, "finish" keeps what
            is there.

    Raises ImpastoError; Interrupted where it was canceled.
    """
    if task.kind not in KINDS:
        raise UsageError(f'There is no work of the kind "{task.kind}".')
    do: Run = importlib.import_module(KINDS[task.kind]).run
    task.folder.mkdir(parents=True, exist_ok=True)
    return do(task, on_event, stopped, means or Means())


def lane_of(request: Mapping[str, Any], width: int, height: int) -> Lane:
    """Return the lane of a request to paint a photo of this size: very large results are long work.

    >>> lane_of({"size": 512}, 6000, 4000), lane_of({}, 6000, 4000)
    ('short', 'long')
    """
    count = len(request.get("styles", "1")) * len(request.get("strengths", "1"))
    size = request.get("size") or (SHEET_SIDE if "styles" in request else None)
    rows, columns = fit_long_side(height, width, size) if size else (height, width)
    return "long" if count * rows * columns > LONG else "short"
