"""Tells how far a task is, and ends it where that is wished."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from impasto.device.progress import Progress
from impasto.errors import Interrupted
from impasto.serving.workers.base import Event

EVERY_S = 0.1  # between two events of progress: pages show no more

OnEvent = Callable[[Event], None]
Stopped = Callable[[], Literal["", "cancel", "finish"]]


class Reporter:
    """Takes the progress of work, tells it on, and raises Interrupted once that is wished.

    Args:
        finish: called once when the work is to end with what it has; without it that changes
            nothing. It may raise Interrupted too.
        preview: a picture to look at, which the work replaces now and then.
    """

    def __init__(
        self,
        on_event: OnEvent,
        stopped: Stopped,
        finish: Callable[[], None] | None = None,
        preview: Path | None = None,
    ) -> None:
        self._on_event, self._stopped, self._finish = on_event, stopped, finish
        self._preview, self._shown = preview, 0
        self._told = -EVERY_S

    def __call__(self, progress: Progress) -> None:
        self.look()
        if progress.words:
            self._on_event(Event("words", {"words": progress.words, "step": progress.step}))
            return
        if self._preview is not None:
            self._show(self._preview)
        now = time.monotonic()
        if now - self._told >= EVERY_S or progress.step >= progress.total:
            self._told = now
            self._on_event(
                Event(
                    "progress",
                    {
                        "kind": progress.kind,
                        "step": progress.step,
                        "total": progress.total,
                        "eta_s": progress.eta_s,
                        "values": dict(progress.values),
                    },
                )
            )

    def note(self, words: str) -> None:
        """Tell something in words."""
        self._on_event(Event("words", {"words": words}))

    def look(self) -> None:
        """Raise Interrupted where the task is to be dropped."""
        wish = self._stopped()
        if wish == "cancel":
            raise Interrupted("stopped")
        if wish == "finish" and self._finish is not None:
            finish, self._finish = self._finish, None
            finish()

    def _show(self, preview: Path) -> None:
        """Tell of a preview that has changed."""
        try:
            changed = os.stat(preview).st_mtime_ns
        except OSError:
            return
        if changed != self._shown:
            self._shown = changed
            self._on_event(Event("preview", preview=preview))
