"""One picture to paint in one style, and what came of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from impasto.errors import ImpastoError
from impasto.settings.stylize import StylizeSettings
from impasto.styles.style import Style

Status = Literal["painted", "skipped", "failed"]


@dataclass(frozen=True)
class Task:
    """A picture, the file it becomes, and how it is painted."""

    picture: Path
    output: Path
    style: Style
    settings: StylizeSettings
    expected: tuple[int, int] | None = None  # height and width that the picture must have


@dataclass(frozen=True)
class Result:
    """What came of a task: painted, skipped as finished before, or failed with an error."""

    task: Task
    status: Status
    seconds: float
    size: tuple[int, int] | None = None  # height and width of the output
    error: ImpastoError | None = None
