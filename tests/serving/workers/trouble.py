"""Tasks that go wrong in every way, and a role whose workers do them."""

import os
import time
from collections.abc import Mapping
from typing import Any

from impasto.device.progress import Progress
from impasto.errors import SettingError
from impasto.serving.tasks import registry, reporter
from impasto.serving.tasks.means import Means
from impasto.serving.tasks.reporter import OnEvent, Reporter, Stopped
from impasto.serving.workers import painting
from impasto.serving.workers.base import Event, Outcome, Task
from impasto.serving.workers.roles import Handler

MB = 1 << 20


def open_role(settings: Mapping[str, Any]) -> Mapping[str, Handler]:
    """Open the role of painting, with this kind of task beside the others."""
    registry.KINDS["trouble"] = "trouble"
    os.write(1, b"what libraries print must not disturb the messages\n")
    return painting.open_role({**settings, "warm": False})


def run(task: Task, on_event: OnEvent, stopped: Stopped, means: Means) -> Outcome:
    """Do as the request says."""
    reporter.EVERY_S = 0.0
    wanted, number = task.request["do"], task.request.get("number", 0)
    kept: list[str] = []
    tell = Reporter(on_event, stopped, lambda: kept.append("kept"))
    if wanted == "refuse":
        raise SettingError("--strength must be at most 2, got 3")
    if wanted == "bug":
        raise RuntimeError(f"a secret of {task.folder}")
    if wanted == "crash":
        os._exit(139)
    if wanted == "leap":
        bytearray(1 << 50)
    if wanted == "hog":
        hoard = []
        while True:
            hoard.append(b"\1" * (8 * MB))
            time.sleep(0.005)
    if wanted == "hang":
        on_event(Event("progress"))
        time.sleep(60)
    if wanted == "environment":
        return Outcome((), {"names": sorted(os.environ)})
    step = 0
    while wanted == "wait" and not kept:
        step += 1
        tell(Progress("step", step, step + 1, 1.0))
        time.sleep(0.005)
    for step in range(1, number + 1):
        tell(Progress("step", step, number, 0.0, {"loss": 1.5}))
    place = task.folder / "made.txt"
    place.write_text(f"{wanted} {kept}")
    return Outcome((place,), {"pid": os.getpid(), "threads": means.threads})
