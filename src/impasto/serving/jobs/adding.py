"""How a job comes into the table: once, in its owner's turn, while there is room."""

import math
import sqlite3

from impasto.serving.jobs.job import Job
from impasto.serving.jobs.refusals import IdTaken, KeyReused, QueueFull
from impasto.serving.jobs.rows import as_json, assets_of, job_of

HOUR = 3600
KEY_LIFE = 24 * HOUR  # seconds for which an idempotency key is remembered
PACE_OF = 60  # seconds that are looked back on, to tell how fast jobs end
UNKNOWN_WAIT, LONGEST_WAIT = 5, 600  # seconds

# Owners take turns: a new job follows the owner's own ones, and comes after what runs already. So
# somebody's first job stands beside the next of those who sent a hundred.
TURN = """
SELECT 1 + max(
    coalesce((SELECT max(turn) FROM jobs
        WHERE waiting = 1 AND owner = ?1 AND lane = ?2 AND priority = ?3), 0),
    coalesce((SELECT max(turn) FROM jobs
        WHERE lease IS NOT NULL AND lane = ?2 AND priority = ?3), 0),
    coalesce((SELECT min(turn) - 1 FROM jobs
        WHERE waiting = 1 AND lane = ?2 AND priority = ?3), 0)
)
"""
INSERT = """
INSERT INTO jobs (id, kind, request, owner, lane, priority, state, parent, created, webhook,
    body_hash, waiting, turn)
VALUES (?, ?, ?, ?, ?, ?, 'starting', ?, ?, ?, ?, ?, ?)
"""
COUNT_USE = """
INSERT INTO usage VALUES (?, ?, 1) ON CONFLICT (owner, hour) DO UPDATE SET jobs = jobs + 1
"""


def known(
    connection: sqlite3.Connection, job: Job, key: str, body_hash: str, now: float
) -> Job | None:
    """Return the job that this request made when it came before; raises KeyReused or IdTaken."""
    if key:
        connection.execute(
            "DELETE FROM idempotency_keys WHERE owner = ? AND key = ? AND created < ?",
            (job.owner, key, now - KEY_LIFE),
        )
        query = "SELECT body_hash, job FROM idempotency_keys WHERE owner = ? AND key = ?"
        if found := connection.execute(query, (job.owner, key)).fetchone():
            if found["body_hash"] != body_hash:
                raise KeyReused
            return job_of(_row(connection, found["job"]))
    if row := _row(connection, job.id):
        if (row["owner"], row["body_hash"]) != (job.owner, body_hash):
            raise IdTaken
        return job_of(row)
    return None


def _row(connection: sqlite3.Connection, id: str) -> sqlite3.Row:
    row: sqlite3.Row = connection.execute("SELECT * FROM jobs WHERE id = ?", (id,)).fetchone()
    return row


def check_room(connection: sqlite3.Connection, coming: int, most: int, now: float) -> None:
    """Raise QueueFull if more than `most` jobs would wait."""
    (waiting,) = connection.execute("SELECT count(*) FROM jobs WHERE waiting = 1").fetchone()
    if waiting + coming <= most:
        return
    query = "SELECT count(*) FROM jobs WHERE ended > ?"
    (ended,) = connection.execute(query, (now - PACE_OF,)).fetchone()
    wait = (waiting + coming - most) * PACE_OF / ended if ended else UNKNOWN_WAIT
    raise QueueFull(min(math.ceil(wait), LONGEST_WAIT))


def insert(
    connection: sqlite3.Connection, job: Job, now: float, *, key: str = "", body_hash: str = ""
) -> None:
    """Put a job into the table; it waits for a worker, unless others do its work."""
    waits = job.kind != "batch"
    (turn,) = connection.execute(TURN, (job.owner, job.lane, job.priority)).fetchone()
    what = job.id, job.kind, as_json(job.request), job.owner, job.lane, job.priority
    rest = job.parent, now, as_json(job.webhook), body_hash, waits, turn
    connection.execute(INSERT, (*what, *rest))
    if waits:  # of a batch its children count
        connection.execute(COUNT_USE, (job.owner, int(now // HOUR)))
    note_files(connection, job, set(assets_of(job.request)))
    if key:
        connection.execute(
            "INSERT INTO idempotency_keys VALUES (?, ?, ?, ?, ?)",
            (job.owner, key, body_hash, job.id, now),
        )


def note_files(connection: sqlite3.Connection, job: Job, assets: set[str]) -> None:
    """Remember which assets a job needs or made, so that they are kept as long as the job is."""
    connection.executemany(
        "INSERT OR IGNORE INTO files VALUES (?, ?, ?)",
        [(job.id, asset, job.owner) for asset in assets],
    )
