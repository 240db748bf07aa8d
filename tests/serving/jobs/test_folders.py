"""Workers find their folders empty, and long jobs find theirs again."""

from pathlib import Path

from tests.serving.jobs.conftest import job

from impasto.serving.jobs.folders import Folders
from impasto.serving.jobs.store import JobStore


def test_folders_of_short_jobs_are_used_again_when_they_are_empty(tmp_path: Path) -> None:
    folders = Folders(tmp_path / "work")
    first, other = folders.of(job()), folders.of(job())
    assert first != other
    folders.give_back(first, goes_on=False)
    assert folders.of(job()) == first
    (first / "half").touch()
    folders.give_back(first, goes_on=False)
    assert not first.exists()
    assert list(folders.of(job()).iterdir()) == []


def test_a_long_job_has_one_folder_until_it_ends(tmp_path: Path) -> None:
    folders, one = Folders(tmp_path / "work"), job(lane="long", id="../../of-a-client")
    path = folders.of(one)
    assert path.parent == tmp_path / "work" and "client" not in path.name
    (path / "state").touch()
    folders.give_back(path, goes_on=True)
    assert list(folders.of(one).iterdir()) == [path / "state"]
    folders.give_back(path, goes_on=False)
    assert not path.exists()


def test_a_new_server_finds_only_what_goes_on(tmp_path: Path, store: JobStore) -> None:
    going, done = job(lane="long"), job(lane="long")
    left = Folders(tmp_path / "work")
    paths = [left.of(going), left.of(done), left.of(job())]
    for one in (going, done):
        store.add(one)
        store.claim("long", "worker", 60)
    store.succeed(done.id, 1, [], {})
    Folders(tmp_path / "work").clean(store)
    assert [path.exists() for path in paths] == [True, False, False]
