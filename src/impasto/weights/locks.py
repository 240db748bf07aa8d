"""Folders that one process works in at a time; the system lets go however that process ends."""

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from impasto.errors import OutputError, OutputExists

PATIENCE = 0.5  # seconds: who only looks whether a folder is held has it for a moment


@contextlib.contextmanager
def held(folder: Path, advice: str) -> Iterator[None]:
    """Make a folder, and keep other processes from working in it until the block ends.

    Windows, which locks no folders, checks nothing. Raises OutputExists, which ends with `advice`,
    where another process has it, OutputError where none can be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = None if sys.platform == "win32" else _locked(folder, PATIENCE)
    except BlockingIOError as error:
        raise OutputExists(f'"{folder}" is at work in another process. {advice}') from error
    except OSError as error:
        raise OutputError(
            f'The folder "{folder}" cannot be used: {error.strerror or error}. Name another place.'
        ) from error
    try:
        yield
    finally:
        if handle is not None:
            os.close(handle)


def is_held(folder: Path) -> bool:
    """Tell whether a process holds the folder; on Windows nobody is ever seen to."""
    try:
        handle = None if sys.platform == "win32" else _locked(folder)
    except BlockingIOError:
        return True
    except OSError:
        return False
    if handle is not None:
        os.close(handle)
    return False


if sys.platform != "win32":
    import fcntl

    def _locked(folder: Path, patience: float = 0.0) -> int:
        """Return a handle that holds a folder; raise BlockingIOError where another does.

        It is tried again for so many seconds.
        """
        handle = os.open(folder, os.O_RDONLY)
        end = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() < end:
                    time.sleep(0.02)
                    continue
                os.close(handle)
                raise
            except OSError:
                pass  # a file system without locks
            return handle
