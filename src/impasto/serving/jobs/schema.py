"""The tables of the jobs, and how the server's database is opened."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

from impasto.errors import OutputError, UsageError

NAME = "jobs.sqlite"  # inside the server's folder
VERSION = 1
WAIT = 10.0  # seconds for another connection to finish writing

# A job is `waiting` for a worker, or leased to one, or ended. What users see is its state, which
# never goes back: a job whose worker was lost is processing still, and waits for the next one.
# Its `turn` lets owners take turns: see `JobStore.claim`.
SCHEMA = """
CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    request TEXT NOT NULL,
    owner TEXT NOT NULL,
    lane TEXT NOT NULL,
    priority INTEGER NOT NULL,
    state TEXT NOT NULL,
    parent TEXT REFERENCES jobs (id) ON DELETE CASCADE,
    created REAL NOT NULL,
    started REAL,
    ended REAL,
    expires REAL,
    attempts INTEGER NOT NULL DEFAULT 0,
    progress TEXT,
    outputs TEXT NOT NULL DEFAULT '[]',
    facts TEXT,
    problem TEXT,
    stop TEXT NOT NULL DEFAULT '',
    webhook TEXT,
    body_hash TEXT NOT NULL,
    waiting INTEGER NOT NULL,
    turn INTEGER NOT NULL,
    worker TEXT,
    lease REAL,
    lost INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX jobs_waiting ON jobs (lane, priority, turn, created) WHERE waiting = 1;
CREATE INDEX jobs_of_owner_waiting ON jobs (owner, lane, priority, turn) WHERE waiting = 1;
CREATE INDEX jobs_leased ON jobs (lease) WHERE lease IS NOT NULL;
CREATE INDEX jobs_listed ON jobs (owner, created);
CREATE INDEX jobs_ended ON jobs (ended) WHERE ended IS NOT NULL;
CREATE INDEX jobs_expiring ON jobs (expires) WHERE expires IS NOT NULL;
CREATE INDEX jobs_of_parent ON jobs (parent, state) WHERE parent IS NOT NULL;
CREATE INDEX jobs_by_state ON jobs (state, lane);
CREATE TABLE events (
    job TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (job, seq)
) WITHOUT ROWID;
CREATE TABLE files (
    job TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    asset TEXT NOT NULL,
    owner TEXT NOT NULL,
    PRIMARY KEY (job, asset)
) WITHOUT ROWID;
CREATE INDEX files_used ON files (asset, owner);
CREATE TABLE idempotency_keys (
    owner TEXT NOT NULL,
    key TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    job TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    created REAL NOT NULL,
    PRIMARY KEY (owner, key)
) WITHOUT ROWID;
CREATE INDEX idempotency_keys_of_job ON idempotency_keys (job);
CREATE TABLE usage (
    owner TEXT NOT NULL,
    hour INTEGER NOT NULL,
    jobs INTEGER NOT NULL,
    PRIMARY KEY (owner, hour)
) WITHOUT ROWID;
"""


class Database:
    """One connection to the server's database, for short work from any thread, one at a time.

    After a kill of the process nothing that was committed is lost; a power cut may take the last
    moments, and leaves the file whole. Raises OutputError where the file cannot be opened,
    UsageError where it is no database of Impasto's server.
    """

    def __init__(self, path: Path) -> None:
        self._lock = RLock()
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # photos of people
            self._connection = sqlite3.connect(
                path, timeout=WAIT, isolation_level=None, check_same_thread=False
            )
        except (OSError, sqlite3.OperationalError) as error:
            raise OutputError(
                f'Jobs cannot be kept in "{path}": {error}. Free space, or name another folder.'
            ) from error
        try:
            self._connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.DatabaseError as error:
            raise UsageError(
                f'"{path}" is not a file of jobs ({error}). Move it away, and it is made anew.'
            ) from error
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute("PRAGMA foreign_keys = ON")
        self._connection.row_factory = sqlite3.Row

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Give the connection; all that is done with it is written, or nothing if it raises."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def rows(self, query: str, values: tuple[object, ...] = ()) -> list[sqlite3.Row]:
        """Return what a query finds."""
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()


def make_tables(database: Database, path: Path) -> None:
    """Make the tables if they are not there; raise UsageError if a newer Impasto made them."""
    with database.transaction() as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise UsageError(
                f'"{path}" was written by a newer version of Impasto (schema {version}, this one '
                f"knows {VERSION}). Update: pip install --upgrade impasto"
            )
        if not version:
            for statement in SCHEMA.split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {VERSION}")
