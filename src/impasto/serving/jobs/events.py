"""What happened to jobs: kept in a table for those who read on, told at once to those who wait."""

import asyncio
import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from impasto.serving.jobs.rows import as_json
from impasto.serving.jobs.schema import Database

MOST = 1024  # events of one job that are kept; each tells all, so that older ones are not missed
TRIM_EVERY = 64

INSERT = """
INSERT INTO events (job, seq, kind, data)
SELECT ?1, coalesce(max(seq), 0) + 1, ?2, ?3 FROM events WHERE job = ?1
RETURNING seq
"""


class JobEvent(NamedTuple):
    """One event of a job; `seq` counts from 1 and never goes back, also over restarts."""

    seq: int
    kind: str  # "state" | "progress" | "preview" | "words"
    data: Mapping[str, Any]


class Log:
    """Adds events within a transaction, and remembers which, to be told when it is written."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.added: list[tuple[str, str]] = []

    def add(self, job: str, kind: str, data: Mapping[str, Any]) -> None:
        """Add an event to those of a job."""
        (seq,) = self.connection.execute(INSERT, (job, kind, as_json(data))).fetchone()
        if seq % TRIM_EVERY == 0:
            self.connection.execute(
                "DELETE FROM events WHERE job = ? AND seq <= ?", (job, seq - MOST)
            )
        self.added.append((job, kind))


def events_of(database: Database, job: str, after: int) -> list[JobEvent]:
    """Return the events of a job with larger numbers than `after`."""
    query = "SELECT seq, kind, data FROM events WHERE job = ? AND seq > ? ORDER BY seq"
    rows = database.rows(query, (job, after))
    return [JobEvent(seq, kind, json.loads(data)) for seq, kind, data in rows]


class Bell:
    """Lets coroutines wait until something happens to a job; rung in the event loop's thread."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, set[asyncio.Future[None]]] = defaultdict(set)

    def ring(self, job: str) -> None:
        """Wake all who wait for this job."""
        for waiter in self._waiting.pop(job, ()):
            if not waiter.done():
                waiter.set_result(None)

    def ring_all(self) -> None:
        """Wake all who wait for any job."""
        for job in list(self._waiting):
            self.ring(job)

    @contextmanager
    def waiting(self, job: str) -> Iterator[asyncio.Future[None]]:
        """Give what is done as soon as the bell rings; whoever looks at the job within it misses
        nothing.
        """
        future = asyncio.get_running_loop().create_future()
        self._waiting[job].add(future)
        try:
            yield future
        finally:
            if job in self._waiting:
                self._waiting[job].discard(future)
                if not self._waiting[job]:
                    del self._waiting[job]
