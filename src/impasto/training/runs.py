"""The run folder of a training: its state is a checkpoint of torch."""

import os
from pathlib import Path
from typing import Any, TypeVar

import torch

from impasto.errors import TrainingError
from impasto.settings.schema import from_toml
from impasto.weights.runs import RunFolder

Settings = TypeVar("Settings")


class Run(RunFolder):
    """The folder of one training run."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.checkpoint = self.state / "last.pt"

    def create(self) -> None:
        """Make the folder; an existing run is refused, so that nobody overwrites hours of work."""
        if self.checkpoint.exists():
            raise TrainingError(
                f"{self.folder} holds a run already. "
                "Continue it with --resume, or choose another folder."
            )
        self.checkpoint.parent.mkdir(parents=True, exist_ok=True)

    def save(self, state: dict[str, Any]) -> None:
        """Write the state beside the old one, then put it in its place."""
        part = self.checkpoint.with_suffix(".part")
        torch.save(state, part)
        os.replace(part, self.checkpoint)

    def load(self) -> dict[str, Any]:
        """Return the last saved state."""
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
            raise TrainingError(f"{self.checkpoint} cannot be read ({error}).") from error
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
