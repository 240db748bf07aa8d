"""What was seen of picture files, kept on disk: a second look after a stop takes no time."""

import contextlib
import json
from pathlib import Path
from types import TracebackType
from typing import Self

from impasto.errors import OutputError
from impasto.training.data.inspection import Inspection


class Journal:
    """A file of lines, one for each inspection; a file that changed since is looked at anew."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen = dict(self._lines())
        try:
            self._file = path.open("a", encoding="utf-8")
        except OSError as error:
            raise OutputError(
                f"Cannot write {path}: {error.strerror}. Free space there."
            ) from error

    def find(self, file: str, path: Path) -> Inspection | None:
        """Return what was seen of a file, if it is still the same."""
        return self._seen.get(_key(file, path))

    def add(self, path: Path, seen: Inspection) -> None:
        """Keep what was seen of a file."""
        try:
            self._file.write(json.dumps([_key(seen.file, path), json.loads(seen.to_json())]) + "\n")
            self._file.flush()
        except OSError as error:
            raise OutputError(
                f"Cannot write {self.path}: {error.strerror}. Free space, then start again: "
                "what is done is kept."
            ) from error

    def _lines(self) -> "list[tuple[str, Inspection]]":
        found = []
        with contextlib.suppress(FileNotFoundError):
            for line in self.path.read_text(encoding="utf-8").splitlines():
                with contextlib.suppress(ValueError, KeyError, TypeError):  # the last, half-written
                    key, values = json.loads(line)
                    found.append((key, Inspection.from_json(values)))
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with contextlib.suppress(OSError):
            self._file.close()


def _key(file: str, path: Path) -> str:
    with contextlib.suppress(OSError):
        stat = path.stat()
        return f"{file}\0{stat.st_size}\0{stat.st_mtime_ns}"
    return file
