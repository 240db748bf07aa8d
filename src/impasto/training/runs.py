"""The run folder of a training: its state is a checkpoint of torch."""

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import torch

from impasto.device.progress import Progress
from impasto.errors import OutputError, TrainingError
from impasto.settings.schema import from_toml
from impasto.weights.files import write_atomically
from impasto.weights.runs import RunFolder

Settings = TypeVar("Settings")


class Run(RunFolder):
    """The folder of one training run."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.checkpoint = self.state / "last.pt"

    def check_new(self) -> None:
        """Raise TrainingError where a run is here, so that nobody overwrites hours of work."""
        if self.checkpoint.exists():
            raise TrainingError(
                f"{self.folder} holds a run already. "
                "Continue it with --resume, or choose another folder."
            )

    def create(self, settings: str) -> None:
        """Make the folder and write the settings into it; raise OutputError where that fails."""
        write_atomically(self.settings, settings.encode())

    def save(self, state: dict[str, Any]) -> None:
        """Write the state beside the old one, then put it in its place.

        Raises OutputError where it cannot be written; the old one is then untouched.
        """
        written = io.BytesIO()
        torch.save(state, written)
        try:
            write_atomically(self.checkpoint, written.getvalue())
        except OutputError as error:
            raise OutputError(
                f"{error} The state saved before is whole: continue with --resume."
            ) from error

    def load(self) -> dict[str, Any]:
        """Return the last saved state; raise TrainingError where there is none that is whole."""
        if not self.checkpoint.exists():
            raise TrainingError(
                f"{self.folder} holds no run to continue (no state/last.pt). "
                "Start it without --resume."
            )
        try:
            state: dict[str, Any] = torch.load(
                self.checkpoint, weights_only=True, map_location="cpu"
            )
        except Exception as error:
            raise TrainingError(
                f"{self.checkpoint} cannot be read ({error}). Begin another run in a new folder."
            ) from error
        return state

    def read_settings(self, kind: type[Settings]) -> Settings:
        """Return the settings of the run; raise TrainingError if the folder holds none."""
        try:
            text = self.settings.read_text(encoding="utf-8")
        except OSError as error:
            raise TrainingError(
                f"{self.folder} holds no training run: it has no settings.toml."
            ) from error
        return from_toml(kind, text)


class Silent(Run):
    """The run of a process that helps another, which does the writing."""

    def create(self, settings: str) -> None:
        pass

    def save(self, state: dict[str, Any]) -> None:
        pass

    def log(self, event: Progress) -> None:
        pass

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        yield
