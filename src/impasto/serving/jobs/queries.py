"""What can be asked about jobs."""

import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from impasto.serving.jobs.events import JobEvent, events_of
from impasto.serving.jobs.job import Job, State
from impasto.serving.jobs.rows import job_of
from impasto.serving.jobs.schema import Database, make_tables

HOUR = 3600


class Queries:
    """The jobs of a database, to look at."""

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        self.path, self._now = path, clock
        self.database = Database(path)
        make_tables(self.database, path)

    def get(self, id: str, owner: str | None = None) -> Job | None:
        """Return a job; None where there is none, or it belongs to another owner than this one."""
        rows = self.database.rows("SELECT * FROM jobs WHERE id = ?", (id,))
        return job_of(rows[0]) if rows and owner in (None, rows[0]["owner"]) else None

    def list(
        self,
        owner: str | None = None,
        *,
        kind: str | None = None,
        state: State | None = None,
        parent: str | None = None,
        limit: int = 50,
        after: str | None = None,
    ) -> Sequence[Job]:
        """Return jobs, the newest first; those that follow the job `after`, to go on."""
        wanted = {"owner": owner, "kind": kind, "state": state, "parent": parent}
        chosen = {name: value for name, value in wanted.items() if value is not None}
        where = [f"{name} = ?" for name in chosen]
        values: list[object] = list(chosen.values())
        if after is not None:
            where.append("(created, rowid) < (SELECT created, rowid FROM jobs WHERE id = ?)")
            values.append(after)
        query = f"SELECT * FROM jobs WHERE {' AND '.join(where) or 'TRUE'}"
        query += " ORDER BY created DESC, rowid DESC LIMIT ?"
        return [job_of(row) for row in self.database.rows(query, (*values, limit))]

    def events(self, id: str, after: int = 0) -> Sequence[JobEvent]:
        """Return what happened to a job, with larger numbers than `after`."""
        return events_of(self.database, id, after)

    def count(self, owner: str, states: Iterable[State]) -> int:
        """Return how many jobs an owner has in these states; of a batch its children count."""
        states = tuple(states)
        marks = ", ".join("?" * len(states))
        query = f"SELECT count(*) FROM jobs WHERE owner = ? AND state IN ({marks})"
        query += " AND kind != 'batch'"
        return int(self.database.rows(query, (owner, *states))[0][0])

    def count_since(self, owner: str, since: float) -> int:
        """Return how many jobs an owner asked for since a time, in whole hours."""
        query = "SELECT coalesce(sum(jobs), 0) FROM usage WHERE owner = ? AND hour >= ?"
        return int(self.database.rows(query, (owner, int(since // HOUR)))[0][0])

    def counts(self) -> dict[tuple[str, State], int]:
        """Return how many jobs there are by lane and state."""
        query = "SELECT lane, state, count(*) FROM jobs GROUP BY state, lane"
        return {(lane, state): number for lane, state, number in self.database.rows(query)}

    def waiting(self) -> dict[str, int]:
        """Return how many jobs wait for a worker, by lane."""
        query = "SELECT lane, count(*) FROM jobs WHERE waiting = 1 GROUP BY lane"
        return {"short": 0, "long": 0} | {lane: n for lane, n in self.database.rows(query)}

    def in_use(self, asset: str, owner: str) -> bool:
        """Tell whether a job of this owner reads or made this asset."""
        query = "SELECT 1 FROM files WHERE asset = ? AND owner = ? LIMIT 1"
        return bool(self.database.rows(query, (asset, owner)))

    def close(self) -> None:
        """Let go of the file."""
        self.database.close()
