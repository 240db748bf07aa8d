"""A run folder: what long work leaves so that it can be watched, steered and continued.

``settings.toml``, ``state/``, ``events.jsonl``, ``preview.jpg``; each file whole at any moment.
"""

import contextlib
import json
import shlex
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

from impasto.device.progress import Progress
from impasto.errors import OutputError, UsageError
from impasto.weights.locks import held, is_held


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

    def read_events(self) -> list[dict[str, Any]]:
        """Return the events so far, without lines that a killed run left unfinished.

        Raises UsageError where the file cannot be read.
        """
        try:
            lines = self.events.read_text("utf-8").splitlines()
        except FileNotFoundError:
            return []
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f'"{self.events}" cannot be read ({error}).') from error
        return [event for event in map(_event, lines) if event is not None]

    def rewind(self, step: int) -> list[dict[str, Any]]:
        """Drop the events after a step, which a run that continues there tells again.

        Returns those that stay; raises OutputError where the file cannot be written.
        """
        from impasto.weights.files import write_atomically  # which loads NumPy

        kept = [event for event in self.read_events() if event["step"] <= step]
        if self.events.exists():
            lines = (json.dumps(event) + "\n" for event in kept)
            write_atomically(self.events, (line.encode() for line in lines))
        return kept

    def held(self) -> contextlib.AbstractContextManager[None]:
        """Make the folder, and keep other processes from working in it until the block ends.

        See `locks.held`. Raises OutputExists where another process has it, OutputError where none
        can be.
        """
        advice = f"See how far it is: impasto runs {shlex.quote(str(self.folder))}"
        return held(self.folder, f"{advice} ; or name another place.")

    def at_work(self) -> bool:
        """Tell whether a process holds the folder; on Windows nobody is ever seen to."""
        return is_held(self.folder)

    def discard(self, *files: Path) -> None:
        """Delete files of the run that are there; raise OutputError where that cannot be."""
        try:
            for path in files:
                path.unlink(missing_ok=True)
        except OSError as error:
            raise OutputError(
                f"Cannot delete {path}: {error.strerror or error}. Name another place."
            ) from error

    def clear(self) -> None:
        """Delete what a run left, but not the folder; raise OutputError where that cannot be."""
        shutil.rmtree(self.state, ignore_errors=True)
        self.discard(self.events, self.preview, self.settings, self.control)

    def remove(self) -> None:
        """Delete what a run left; the folder itself only if nothing else is in it."""
        self.clear()
        with contextlib.suppress(OSError):
            self.folder.rmdir()


def _event(line: str) -> dict[str, Any] | None:
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) and "step" in event else None
