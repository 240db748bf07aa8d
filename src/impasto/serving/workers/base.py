"""What runs jobs: a task goes in, events come out, files are left in its folder."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from impasto.serving.jobs.job import Lane


@dataclass(frozen=True)
class Task:
    """What a worker needs to do a job; plain values only, so that it can go to another process."""

    id: str
    kind: str
    request: Mapping[str, Any]
    inputs: Mapping[str, Path]  # asset id to a file that can be read
    folder: Path  # the worker's own for this job; a long one continues with what lies there
    lane: Lane = "short"
    limit_s: float = 300.0
    max_pixels: int = 50_000_000
    max_output: int = 268_435_456


@dataclass(frozen=True)
class Event:
    """Something that happened on the way: progress, or a new preview in the task's folder."""

    kind: str  # "progress" | "preview" | "words"
    values: Mapping[str, Any] = field(default_factory=dict)
    preview: Path | None = None


@dataclass(frozen=True)
class Outcome:
    """What is left: files in the task's folder, and what was measured."""

    files: tuple[Path, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)


class WorkerLost(Exception):
    """The process that ran the task ended: a crash, no memory, a kill; worth another try."""


class OutOfTime(Exception):
    """The task took longer than it may; not worth another try."""


class OutOfMemory(Exception):
    """The task used more memory than it may; not worth another try."""


class Refused(Exception):
    """The task cannot be done: one of Impasto's errors, as a problem to show."""

    def __init__(self, problem: Mapping[str, Any]) -> None:
        super().__init__(problem.get("detail", ""))
        self.problem = problem


class Canceled(Exception):
    """The task was ended because somebody wished it."""


class Executor(Protocol):
    """Runs tasks: in this process, in processes of this machine, or on others."""

    async def start(self) -> None:
        """Get ready; models are loaded once."""

    async def stop(self) -> None:
        """End everything that runs, now."""

    def free(self, lane: Lane) -> int:
        """Return how many more tasks of a lane can begin now."""

    async def run(self, task: Task, on_event: Callable[[Event], None]) -> Outcome:
        """Do a task.

        Raises Refused, Canceled, OutOfTime, OutOfMemory or WorkerLost.
        """

    def stop_task(self, id: str, *, finish: bool) -> None:
        """Ask a running task to end: with what it has (finish), or dropping everything."""
