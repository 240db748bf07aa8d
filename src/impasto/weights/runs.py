"""A run folder: what long work leaves so that it can be watched, steered and continued.

``settings.toml``, ``state/``, ``events.jsonl``, ``preview.jpg``; each file whole at any moment.
"""

import contextlib
import json
import os
import shlex
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from impasto.device.progress import Progress
from impasto.errors import OutputError, OutputExists


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

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Make the folder, and keep other processes from working in it until the block ends.

        The system lets go of it however this process ends; Windows, which locks no folders, checks
        nothing. Raises OutputExists where another process has it, OutputError where none can be.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle = None if sys.platform == "win32" else _locked(self.folder)
        except BlockingIOError as error:
            raise OutputExists(
                f'"{self.folder}" is at work in another process. See how far it is: '
                f"impasto steer {shlex.quote(str(self.folder))} ; or name another place."
            ) from error
        except OSError as error:
            raise OutputError(
                f'The run folder "{self.folder}" cannot be used: {error.strerror or error}. '
                "Name another place: --run FOLDER"
            ) from error
        try:
            yield
        finally:
            if handle is not None:
                os.close(handle)

    def discard(self, *files: Path) -> None:
        """Delete files of the run that are there; raise OutputError where that cannot be."""
        try:
            for path in files:
                path.unlink(missing_ok=True)
        except OSError as error:
            raise OutputError(
                f"Cannot delete {path}: {error.strerror or error}. Name another place: --run FOLDER"
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


if sys.platform != "win32":
    import fcntl

    def _locked(folder: Path) -> int:
        """Return a handle that holds a folder; raise BlockingIOError where another does."""
        handle = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise
        except OSError:
            pass  # a file system without locks
        return handle
