"""A run folder: what long work leaves so that it can be watched, steered and continued.

``settings.toml``, ``state/``, ``events.jsonl``, ``preview.jpg``; each file whole at any moment.
"""

import contextlib
import json
import shutil
from dataclasses import asdict
from pathlib import Path

from impasto.device.progress import Progress
from impasto.errors import OutputError


class RunFolder:
    """The folder of one run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state = folder / "state"
        self.events = folder / "events.jsonl"
        self.preview = folder / "preview.jpg"
        self.settings = folder / "settings.toml"
        self.control = folder / "control.toml"

    def log(self, event: Progress) -> None:
        """Append one event to events.jsonl; raise OutputError where that cannot be."""
        try:
            with self.events.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(event)) + "\n")
        except OSError as error:
            raise OutputError(
                f"Cannot write {self.events}: {error.strerror or error}. Free space, and continue "
                "with --resume."
            ) from error

    def remove(self) -> None:
        """Delete what the run left; the folder itself only if nothing else is in it."""
        shutil.rmtree(self.state, ignore_errors=True)
        for path in (self.events, self.preview, self.settings, self.control):
            path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self.folder.rmdir()
