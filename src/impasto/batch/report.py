"""The report of a batch (``batch-report/1``): what came of every picture, and how far it is."""

import json
import platform
import time
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from impasto.batch.tasks import Result
from impasto.device.progress import Progress
from impasto.errors import ImpastoError, OutputError
from impasto.images.places import check_place
from impasto.methods.fast import FastStylizer
from impasto.version import __version__
from impasto.weights.files import write_atomically

SCHEMA = "batch-report/1"
SUFFIX = ".json"
PACKAGES = ("numpy", "pillow", "openvino")


class Report:
    """Gathers results while they come; complete at any moment, also after an interrupt.

    Attributes:
        total: how many pictures there are.
        results: what came of each so far, as they ended.
        interrupted: whether the user stopped the work.
    """

    def __init__(self, total: int, settings: Mapping[str, Any], stylizer: FastStylizer) -> None:
        self.total = total
        self.results: list[Result] = []
        self.interrupted = False
        self._settings = dict(settings)
        self._model = {"name": stylizer.model.name, "encoder_id": stylizer.encoder_id}
        self._started, self._begun = datetime.now(UTC), time.monotonic()
        self._counts: Counter[str] = Counter()

    def add(self, result: Result) -> Progress:
        """Take a result and tell how far the work is.

        The time left is that of the pictures so far; skipped ones do not count, they take none.
        """
        self.results.append(result)
        self._counts[result.status] += 1
        done = len(self.results)
        slow = done - self._counts["skipped"]
        left = (time.monotonic() - self._begun) / slow * (self.total - done) if slow else 0.0
        counts = {name: float(self._counts[name]) for name in ("painted", "skipped", "failed")}
        return Progress("picture", done, self.total, left, counts, str(result.task.output))

    @property
    def failed(self) -> dict[str, ImpastoError]:
        """Which pictures failed, by name, and why."""
        return {str(r.task.picture): r.error for r in self.results if r.error is not None}

    def as_mapping(self) -> dict[str, Any]:
        """Return the report as plain data, the pictures sorted by input and output."""
        pictures = sorted((_plain(result) for result in self.results), key=_places)
        return {
            "schema": SCHEMA,
            "started": self._started.isoformat(timespec="seconds"),
            "seconds": round(time.monotonic() - self._begun, 3),
            "interrupted": self.interrupted,
            "totals": {
                "pictures": self.total,
                **{name: self._counts[name] for name in ("painted", "skipped", "failed")},
                "left": self.total - len(self.results),
            },
            "settings": self._settings,
            "model": self._model,
            "versions": {
                "impasto": __version__,
                "python": platform.python_version(),
                **{name: metadata.version(name) for name in PACKAGES},
            },
            "pictures": pictures,
        }

    def write(self, path: Path) -> None:
        """Write the report as JSON, whole or not at all."""
        text = json.dumps(self.as_mapping(), indent=1, ensure_ascii=True)
        write_atomically(path, text.encode())


def check_report_place(path: Path) -> None:
    """Raise OutputError where a report could not be written, before any work.

    It replaces an earlier one, so its name must say that it is none of the pictures.
    """
    if path.suffix.lower() != SUFFIX:
        raise OutputError(f'The report "{path}" is no {SUFFIX} file. Name it: report{SUFFIX}')
    check_place(path, overwrite=True)


def _plain(result: Result) -> dict[str, Any]:
    height, width = result.size or (None, None)
    plain: dict[str, Any] = {
        "input": str(result.task.picture),
        "output": str(result.task.output),
        "status": result.status,
        "seconds": round(result.seconds, 3),
        "width": width,
        "height": height,
    }
    if result.error is not None:
        plain["error"] = {"class": type(result.error).__name__, "message": str(result.error)}
    return plain


def _places(picture: Mapping[str, Any]) -> tuple[str, str]:
    return picture["input"], picture["output"]
