"""The database is made once, keeps what was written, and says what is wrong with a file."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from impasto.errors import OutputError, UsageError
from impasto.serving.jobs.schema import Database
from impasto.serving.jobs.store import JobStore

KILLED = """
import os, sys
from pathlib import Path
from impasto.serving.jobs.job import Job
from impasto.serving.jobs.store import JobStore
store = JobStore(Path(sys.argv[1]))
store.add(Job("written", "stylization", {}))
with store.database.transaction() as connection:
    connection.execute("UPDATE jobs SET state = 'failed'")
    os.kill(os.getpid(), 9)
"""


def test_a_kill_leaves_what_was_written_and_nothing_half(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite"
    subprocess.run((sys.executable, "-c", KILLED, str(path)), check=False)
    (job,) = JobStore(path).list()
    assert (job.id, job.state) == ("written", "starting")


def test_an_error_undoes_a_transaction(tmp_path: Path) -> None:
    database = Database(tmp_path / "new" / "jobs.sqlite")
    with database.transaction() as connection:
        connection.execute("CREATE TABLE t (x)")
    with pytest.raises(KeyError), database.transaction() as connection:
        connection.execute("INSERT INTO t VALUES (1)")
        raise KeyError
    assert database.rows("SELECT * FROM t") == []


def test_a_newer_database_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite"
    JobStore(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(UsageError, match="newer version"):
        JobStore(path)


def test_another_file_is_not_taken_for_jobs(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite"
    path.write_bytes(b"a photo" * 1000)
    with pytest.raises(UsageError, match="not a file of jobs"):
        JobStore(path)


def test_a_place_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="name another folder"):
        JobStore(tmp_path / "file" / "jobs.sqlite")
