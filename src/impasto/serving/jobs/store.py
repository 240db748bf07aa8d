"""Jobs in SQLite: what waits, who works on what, and what came of it; safe after any kill."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Literal

from impasto.serving.jobs.adding import HOUR, KEY_LIFE, check_room, insert, known, note_files
from impasto.serving.jobs.events import Log
from impasto.serving.jobs.job import Job, Lane, Output, State
from impasto.serving.jobs.parents import child_began, child_ended
from impasto.serving.jobs.queries import Queries
from impasto.serving.jobs.rows import as_json, job_of, outputs_as_json
from impasto.serving.problems import Problem

WORKER_LOST = Problem("worker-lost").to_json()
BATCH_FAILED = Problem(
    "batch-failed", "No job of the batch succeeded. Look at its jobs for the reasons."
).to_json()
LOSSES = 3  # workers that may be lost over one job
ATTEMPTS = 50  # of one job, whatever ended the others: some request may bring the server down

NEXT = """
SELECT id FROM jobs WHERE waiting = 1 AND lane = ? ORDER BY priority, turn, created LIMIT 1
"""
CLAIM = f"""
UPDATE jobs SET state = 'processing', waiting = 0, worker = ?, lease = ?, attempts = attempts + 1,
    started = coalesce(started, ?)
WHERE id = ({NEXT})
RETURNING *
"""
# Whoever lost the lease has no say any more: another attempt began, or may at any time.
HELD = "id = ? AND attempts = ? AND lease IS NOT NULL"
RENEW = f"UPDATE jobs SET lease = ?, progress = coalesce(?, progress) WHERE {HELD}"
END = """
UPDATE jobs SET state = ?, ended = ?, expires = ?, outputs = ?, facts = ?, problem = ?,
    waiting = 0, worker = NULL, lease = NULL
WHERE id = ? AND ended IS NULL RETURNING *
"""
WORKING = """
SELECT * FROM jobs WHERE (id = ? OR parent = ?) AND ended IS NULL AND kind != 'batch'
"""
PUT_BACK = "UPDATE jobs SET waiting = 1, worker = NULL, lease = NULL, lost = lost + ? WHERE id = ?"


class JobStore(Queries):
    """The jobs of one server; each call is one transaction, and what returned is kept.

    Args:
        queue: jobs that may wait.
        keep_s: seconds for which a job is kept after it ended.
    """

    def __init__(
        self,
        path: Path,
        *,
        queue: int = 1000,
        keep_s: float = 24 * HOUR,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(path, clock=clock)
        self._queue, self._keep_s = queue, keep_s
        self._listeners: list[Callable[[str, str], None]] = []

    def listen(self, listener: Callable[[str, str], None]) -> None:
        """Call this with a job's id and the kind of event, after each event that was written."""
        self._listeners.append(listener)

    @contextmanager
    def _writing(self) -> Iterator[Log]:
        with self.database.transaction() as connection:
            log = Log(connection)
            yield log
        for id, kind in log.added:
            for listener in self._listeners:
                listener(id, kind)

    def add(self, job: Job, *, key: str = "", body_hash: str = "") -> Job:
        """Take a job, and return it; the one that is there if the same request came before.

        Raises KeyReused where its owner sent the key with another body, IdTaken where the id
        belongs to another job, QueueFull.
        """
        return self.add_batch(job, (), key=key, body_hash=body_hash)

    def add_batch(
        self, job: Job, children: Sequence[Job], *, key: str = "", body_hash: str = ""
    ) -> Job:
        """Take a job and its children, all or none of them; else as `add`."""
        with self._writing() as log:
            now = self._now()
            if there := known(log.connection, job, key, body_hash, now):
                return there
            check_room(log.connection, len(children) or 1, self._queue, now)
            insert(log.connection, job, now, key=key, body_hash=body_hash)
            for child in children:
                insert(log.connection, replace(child, parent=job.id), now)
            for one in (job, *children):
                log.add(one.id, "state", {"state": "starting"})
            row = log.connection.execute("SELECT * FROM jobs WHERE id = ?", (job.id,)).fetchone()
            return job_of(row)

    def known(self, job: Job, *, key: str = "", body_hash: str = "") -> Job | None:
        """Return the job that this request made when it came before; raises as `add`."""
        with self.database.transaction() as connection:
            return known(connection, job, key, body_hash, self._now())

    def claim(self, lane: Lane, worker: str, lease_s: float) -> Job | None:
        """Lease the next job of a lane: by priority, then its owner's turn, then age."""
        if not self.database.rows(NEXT, (lane,)):
            return None  # most look in vain, and need not write
        with self._writing() as log:
            now = self._now()
            row = log.connection.execute(CLAIM, (worker, now + lease_s, now, lane)).fetchone()
            if row is None:
                return None
            job = job_of(row)
            log.add(job.id, "state", {"state": "processing", "attempt": job.attempts})
            if job.parent:
                child_began(log, job.parent, now)
            return job

    def renew(
        self, id: str, attempt: int, lease_s: float, progress: Mapping[str, Any] | None = None
    ) -> bool:
        """Hold a job for longer; False where it is held no more, and its work is in vain."""
        with self._writing() as log:
            values = (self._now() + lease_s, as_json(progress), id, attempt)
            held = log.connection.execute(RENEW, values).rowcount > 0
            if held and progress is not None:
                log.add(id, "progress", progress)
            return held

    def note(self, id: str, attempt: int, kind: str, data: Mapping[str, Any]) -> None:
        """Add an event to a job that is held: a new preview, or words for people."""
        with self._writing() as log:
            query = f"SELECT 1 FROM jobs WHERE {HELD}"
            if log.connection.execute(query, (id, attempt)).fetchone():
                log.add(id, kind, data)

    def succeed(
        self, id: str, attempt: int, outputs: Sequence[Output], facts: Mapping[str, Any]
    ) -> bool:
        """End a job with what it made; canceled where that was wished, False where held no more."""
        return self._end_held(id, attempt, "succeeded", outputs=tuple(outputs), facts=facts)

    def fail(self, id: str, attempt: int, problem: Mapping[str, Any]) -> bool:
        """End a job with a problem; False where it is held no more."""
        return self._end_held(id, attempt, "failed", problem=problem)

    def cancel(self, id: str, attempt: int) -> bool:
        """End a job with nothing, as was wished; False where it is held no more."""
        return self._end_held(id, attempt, "canceled")

    def _end_held(
        self,
        id: str,
        attempt: int,
        state: State,
        *,
        outputs: tuple[Output, ...] = (),
        facts: Mapping[str, Any] | None = None,
        problem: Mapping[str, Any] | None = None,
    ) -> bool:
        with self._writing() as log:
            query = f"SELECT stop FROM jobs WHERE {HELD}"
            if not (row := log.connection.execute(query, (id, attempt)).fetchone()):
                return False
            if row["stop"] == "cancel":
                self._end(log, id, "canceled")
            else:
                self._end(log, id, state, outputs, facts, problem)
            return True

    def _end(
        self,
        log: Log,
        id: str,
        state: State,
        outputs: tuple[Output, ...] = (),
        facts: Mapping[str, Any] | None = None,
        problem: Mapping[str, Any] | None = None,
    ) -> None:
        now = self._now()
        made = outputs_as_json(outputs), as_json(facts), as_json(problem)
        values = (state, now, now + self._keep_s, *made, id)
        job = job_of(log.connection.execute(END, values).fetchone())
        note_files(log.connection, job, {output.asset for output in outputs})
        data = {"state": state, "outputs": [asdict(output) for output in outputs]}
        log.add(id, "state", data | {"facts": facts, "problem": problem})
        if job.parent:
            self._child_ended(log, job.parent)

    def _child_ended(self, log: Log, parent: str) -> None:
        now = self._now()
        child_ended(log, parent, now, now + self._keep_s, BATCH_FAILED)

    def lose(self, id: str, attempt: int) -> None:
        """The worker of this job is gone: let the job wait again, or fail after so many."""
        self._let_go(id, attempt, lost=1)

    def put_back(self, id: str, attempt: int) -> None:
        """Let a job wait again that was begun, by no fault of its own."""
        self._let_go(id, attempt, lost=0)

    def _let_go(self, id: str, attempt: int, lost: int) -> None:
        with self._writing() as log:
            query = f"SELECT * FROM jobs WHERE {HELD}"
            self._requeue(log, log.connection.execute(query, (id, attempt)).fetchall(), lost)

    def requeue_expired(self) -> None:
        """Let jobs wait again whose lease has ended, or fail after so many."""
        with self._writing() as log:
            query = "SELECT * FROM jobs WHERE lease < ?"
            self._requeue(log, log.connection.execute(query, (self._now(),)).fetchall(), lost=1)

    def void_leases(self) -> None:
        """Let all jobs wait again that an earlier server worked on: to be called once, at start."""
        with self._writing() as log:
            query = "SELECT * FROM jobs WHERE lease IS NOT NULL"
            self._requeue(log, log.connection.execute(query).fetchall(), lost=0)

    def _requeue(self, log: Log, rows: Sequence[Mapping[str, Any]], lost: int) -> None:
        for row in rows:
            if row["stop"] == "cancel":
                self._end(log, row["id"], "canceled")
            elif row["lost"] + lost >= LOSSES or row["attempts"] >= ATTEMPTS:
                self._end(log, row["id"], "failed", problem=WORKER_LOST)
            else:
                log.connection.execute(PUT_BACK, (lost, row["id"]))
                log.add(row["id"], "state", {"state": "processing", "attempt": row["attempts"] + 1})

    def ask_to_stop(self, id: str, wish: Literal["cancel", "finish"]) -> Job | None:
        """Note that a job shall end: with nothing, or with what is there; all of a batch too.

        One that has not begun ends at once. For the others, the dispatcher tells the worker.
        """
        with self._writing() as log:
            for row in log.connection.execute(WORKING, (id, id)).fetchall():
                begun = row["lease"] is not None or (wish == "finish" and row["attempts"])
                if not begun:
                    self._end(log, row["id"], "canceled")
                elif row["stop"] != "cancel" and not (row["parent"] == id and wish == "finish"):
                    log.connection.execute(
                        "UPDATE jobs SET stop = ? WHERE id = ?", (wish, row["id"])
                    )
        return self.get(id)

    def delete(self, id: str) -> Sequence[Job]:
        """Forget a job and its children, whatever their state; return what was forgotten."""
        with self._writing() as log:
            query = "SELECT * FROM jobs WHERE id = ? OR parent = ?"
            gone = [job_of(row) for row in log.connection.execute(query, (id, id)).fetchall()]
            log.connection.execute("DELETE FROM jobs WHERE id = ?", (id,))
            log.added += [(job.id, "state") for job in gone]
            for parent in {job.parent for job in gone if job.id == id and job.parent}:
                self._child_ended(log, parent)
            return gone

    def expired(self) -> Sequence[str]:
        """Return the ids of jobs that were kept long enough; forget keys and counts as old."""
        now = self._now()
        with self.database.transaction() as connection:
            connection.execute("DELETE FROM idempotency_keys WHERE created < ?", (now - KEY_LIFE,))
            connection.execute("DELETE FROM usage WHERE hour < ?", (int(now // HOUR) - 48,))
        query = "SELECT id FROM jobs WHERE expires < ? AND parent IS NULL"
        return [row["id"] for row in self.database.rows(query, (now,))]
