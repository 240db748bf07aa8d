"""Steering a run from outside: a small file in its folder, read at every step.

``control.toml`` may hold ``strength = 70``, ``pause = true`` and ``stop = true``. To stop keeps the
picture as it is then.
"""

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

from impasto.errors import SettingError
from impasto.settings.optimize import OptimizeSettings
from impasto.weights.files import write_atomically
from impasto.weights.runs import RunFolder


@dataclass(frozen=True)
class Control:
    """What is wanted of a run; None: nothing new."""

    strength: float | None = None
    pause: bool = False
    stop: bool = False

    def __post_init__(self) -> None:
        if self.strength is not None:
            OptimizeSettings(strength=self.strength)

    def write(self, folder: Path) -> None:
        """Tell the run in a folder."""
        known = {"strength": self.strength, "pause": self.pause, "stop": self.stop}
        lines = [f"{k} = {str(v).lower()}" for k, v in known.items() if v is not None]
        write_atomically(RunFolder(folder).control, ("\n".join(lines) + "\n").encode())


class Watch:
    """Reads the control file when it has changed; what cannot be understood changes nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._path = None if folder is None else RunFolder(folder).control
        self._seen = 0
        self.control = Control()

    def look(self) -> Control:
        """Return what is wanted now."""
        if self._path is None:
            return self.control
        try:
            changed = os.stat(self._path).st_mtime_ns
        except OSError:
            return self.control
        if changed != self._seen:
            self._seen = changed
            self.control = _read(self._path) or self.control
        return self.control


def _read(path: Path) -> Control | None:
    try:
        with path.open("rb") as file:
            found = tomllib.load(file)
        return Control(
            strength=found.get("strength"),
            pause=found.get("pause") is True,
            stop=found.get("stop") is True,
        )
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, SettingError):
        return None
