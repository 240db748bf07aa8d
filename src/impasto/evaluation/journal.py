"""What was measured already, so that a run that was stopped continues where it was."""

import contextlib
import json
import math
from collections.abc import Mapping
from pathlib import Path

from impasto.errors import OutputError


class Journal:
    """Numbers by a key that tells everything they depend on; one line of a file each."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, dict[str, float]] = {}
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            for line in path.read_text("utf-8", "replace").splitlines():
                # A line that was cut by a kill, or is none of ours.
                with contextlib.suppress(ValueError, TypeError, LookupError, AttributeError):
                    entry = json.loads(line)
                    self._known[entry["key"]] = {k: float(v) for k, v in entry["values"].items()}

    def get(self, key: str) -> dict[str, float] | None:
        """Return the numbers of a key, or None."""
        return self._known.get(key)

    def add(self, key: str, values: Mapping[str, float]) -> dict[str, float]:
        """Keep numbers and return those that are finite; raise OutputError on a full disk."""
        kept = {name: value for name, value in values.items() if math.isfinite(value)}
        self._known[key] = kept
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                # A line of its own also after one that was cut.
                file.write("\n" * _is_cut(self._path) + json.dumps({"key": key, "values": kept}))
                file.write("\n")
        except OSError as error:
            raise OutputError(
                f"Cannot write {self._path}: {error.strerror or error}. Free space; what was "
                "measured so far is kept."
            ) from error
        return kept


def _is_cut(path: Path) -> bool:
    with path.open("rb") as file:
        if not file.seek(0, 2):
            return False
        file.seek(-1, 2)
        return file.read(1) != b"\n"
