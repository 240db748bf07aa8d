"""Ctrl-C on work that can be continued: the step ends and is saved; once more stops at once."""

import contextlib
import os
import signal
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from impasto.errors import Interrupted

if TYPE_CHECKING:
    from impasto.device.progress import OnProgress, Progress

SIGNALS = (signal.SIGINT, signal.SIGTERM)
WORDS = b"\nimpasto: stopping after this step; once more stops at once\n"


@contextlib.contextmanager
def stopping(show: "OnProgress") -> "Iterator[OnProgress]":
    """Give what takes the events of work, shows them, and raises Interrupted once that is wanted.

    Ctrl-C and a polite kill (SIGTERM) mean the same. Before the first step there is nothing to wait
    for: then, and at the second time, KeyboardInterrupt is raised at once.
    """
    stepping = wanted = False

    def ask(number: int, frame: Any) -> None:
        nonlocal wanted
        if wanted or not stepping:
            raise KeyboardInterrupt
        wanted = True
        with contextlib.suppress(OSError):
            os.write(2, WORDS)  # a handler may interrupt whoever else is printing

    def on_progress(event: "Progress") -> None:
        nonlocal stepping
        if not event.words:  # what is told on the way says nothing of what comes next
            stepping = event.kind in ("step", "train")
        show(event)
        if wanted:
            raise Interrupted("stopped")

    before = {number: signal.getsignal(number) for number in SIGNALS}
    heard = [number for number in SIGNALS if before[number] is not signal.SIG_IGN]  # nohup, &
    for number in heard:
        signal.signal(number, ask)
    try:
        yield on_progress
    finally:
        for number in heard:
            signal.signal(number, before[number])
