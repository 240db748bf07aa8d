"""Paint a picture by optimisation; what a lost worker had begun goes on where it was saved."""

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from impasto.methods.optimize.control import Control
from impasto.serving.tasks.means import Means
from impasto.serving.tasks.needs import check_encoder, check_torch
from impasto.serving.tasks.reporter import OnEvent, Reporter, Stopped
from impasto.serving.tasks.request import (
    check_output,
    file_of,
    place_of,
    regions_of,
    settings_from,
    style_of,
    told,
    words_of,
)
from impasto.serving.workers.base import Outcome, Task
from impasto.settings.optimize import OptimizeSettings
from impasto.styles.words import Words
from impasto.weights.runs import RunFolder

if TYPE_CHECKING:
    from impasto.methods.optimize.stylizer import Optimize
    from impasto.methods.optimize.work import OptimizeWork
    from impasto.styles.style import Style

DEVICES = ("cpu", "cuda", "mps")  # that torch knows
SAVE_EVERY = 3.0  # seconds: somebody looks at the previews
RUN = "run"  # the folder of the state, in the task's own


def run(task: Task, on_event: OnEvent, stopped: Stopped, means: Means) -> Outcome:
    """Optimise a picture into a file of the task's folder; "finish" keeps it as it is then."""
    begun = time.perf_counter()
    check_torch("Optimization")
    # Large pages for torch's memory: a tenth quicker. It is read when torch first allocates.
    os.environ.setdefault("THP_MEM_ALLOC_ENABLE", "1")
    settings = settings_from(
        task,
        OptimizeSettings,
        style=words_of(task.request.get("style") or ()),
        fine=words_of(task.request.get("fine") or ()),
        device=device_of(means),
        threads=means.threads,
        save_every=SAVE_EVERY,
    )
    check_encoder(settings)
    folder = task.folder / RUN
    finish, preview = lambda: Control(stop=True).write(folder), RunFolder(folder).preview
    reporter = Reporter(on_event, stopped, finish, preview)
    work = _work(task, settings, folder, reporter)
    check_output(task, work.source.height, work.source.width)
    place = place_of(task)
    work.write(place, overwrite=True)
    facts = {
        "seconds": round(time.perf_counter() - begun, 4),
        "width": work.source.width,
        "height": work.source.height,
    }
    return Outcome((place,), facts)


def device_of(means: Means) -> str:
    """Return the device that torch computes on."""
    return means.device if means.device.partition(":")[0] in DEVICES else "auto"


def _work(
    task: Task, settings: OptimizeSettings, folder: Path, reporter: Reporter
) -> "OptimizeWork":
    from impasto.methods.optimize.stylizer import Optimize
    from impasto.methods.optimize.stylizer import style_of as painting_of
    from impasto.methods.optimize.work import OptimizeWork

    class RequestOptimize(Optimize):
        def style(self, words: Words) -> "Style":
            return style_of(task, words_of(words), painting_of)

    class RequestWork(OptimizeWork):
        def __init__(self, optimizer: "Optimize") -> None:
            picture = file_of(task, task.request.get("content"))
            super().__init__(optimizer, picture, optimizer.style(settings.style))
            drawn = regions_of(task, self.opened, settings.feather, optimizer.style)
            self.regions = [*drawn, *self.regions]

        def record(self) -> Mapping[str, Any]:
            return told(super().record(), task.request)

    optimizer = RequestOptimize(
        settings, run=folder, resume=True, on_progress=reporter, on_note=reporter.note
    )
    return RequestWork(optimizer)
