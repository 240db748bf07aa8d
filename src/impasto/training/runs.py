"""A run folder: settings.toml, state/, events.jsonl, preview.jpg; each file whole at any moment."""

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from impasto.device.progress import Progress
from impasto.errors import TrainingError


class Run:
    """The folder of one training run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.checkpoint = folder / "state" / "last.pt"
        self.events = folder / "events.jsonl"
        self.preview = folder / "preview.jpg"
        self.settings = folder / "settings.toml"

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

    def log(self, event: Progress) -> None:
        """Append one event to events.jsonl."""
        with self.events.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(event)) + "\n")
