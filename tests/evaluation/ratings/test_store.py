"""Answers survive kills, processes and threads, and wrong ones are refused."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from impasto.errors import OutputError, UsageError
from impasto.evaluation.ratings.store import Comparison, Rating, Ratings

WRITER = """
import sys
from pathlib import Path
from impasto.evaluation.ratings.store import Comparison, Ratings

store = Ratings(Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    store.add(Comparison(sys.argv[2], f"photo-{number}", "wave", "a", "b", "left", number))
    print(number, flush=True)
"""


def writer(path: Path, rater: str, count: int) -> "subprocess.Popen[bytes]":
    """Start a process that writes answers."""
    words = [sys.executable, "-c", WRITER, str(path), rater, str(count)]
    return subprocess.Popen(words, stdout=subprocess.PIPE)


def test_answers_come_back_in_order(tmp_path: Path) -> None:
    store = Ratings(tmp_path / "ratings.sqlite")
    said = [Comparison("Ann", "photo", "wave", "a", "b", choice) for choice in ("tie", "skip")]
    given = Rating("Ann", "photo", "wave", "a", 4, "lovely\nsky")
    numbers = [store.add(one) for one in said]
    store.add(given)
    again = Ratings(store.path)
    assert again.comparisons() == said
    assert again.ratings() == [given]
    assert again.secret == store.secret
    assert len(set(numbers)) == 2


def test_people_may_write_as_their_keyboards_do(tmp_path: Path) -> None:
    store = Ratings(tmp_path / "ratings.sqlite")
    given = Rating("Zoé 👩\u200d🎨", "photo", "wave", "a", 4, "Superbe\u00a0!")
    store.add(given)
    assert store.ratings() == [given]


def test_the_last_stars_count(tmp_path: Path) -> None:
    store = Ratings(tmp_path / "ratings.sqlite")
    for stars in (2, 5):
        store.add(Rating("Ann", "photo", "wave", "a", stars))
    store.add(Rating("Bob", "photo", "wave", "a", 1))
    assert sorted(one.stars for one in store.ratings()) == [1, 5]


def test_an_answer_is_taken_back_only_by_its_giver(tmp_path: Path) -> None:
    store = Ratings(tmp_path / "ratings.sqlite")
    number = store.add(Comparison("Ann", "photo", "wave", "a", "b", "left"))
    assert not store.take_back("comparison", number, "Bob")
    assert not store.take_back("rating", number, "Ann")
    assert len(store.comparisons()) == 1
    assert store.take_back("comparison", number, "Ann")
    assert not store.comparisons()


def test_two_processes_and_many_threads_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ratings.sqlite"
    writers = [writer(path, name, 20) for name in ("Ann", "Bob")]  # also the file is made by both
    assert [one.wait() for one in writers if one.communicate()] == [0, 0]
    store = Ratings(path)
    answer = Comparison("Eve", "photo", "wave", "a", "b", "right")
    threads = [Thread(target=store.add, args=[answer]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.comparisons()) == 48


def test_what_was_answered_survives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "ratings.sqlite"
    process = writer(path, "Ann", 10_000)
    assert process.stdout is not None
    told = 0
    while told < 10:
        told = int(process.stdout.readline())
    os.kill(process.pid, signal.SIGKILL)
    told = max([told, *map(int, process.communicate()[0].split())])
    answers = Ratings(path).comparisons()
    assert [one.milliseconds for one in answers] == list(range(len(answers)))
    assert len(answers) >= told + 1


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Comparison("", "photo", "wave", "a", "b", "left"),
        lambda: Comparison("x" * 61, "photo", "wave", "a", "b", "left"),
        lambda: Comparison("a\x00b", "photo", "wave", "a", "b", "left"),
        lambda: Comparison("a\ud800b", "photo", "wave", "a", "b", "left"),
        lambda: Comparison("Ann", "photo", "wave", "a", "a", "left"),
        lambda: Comparison("Ann", "photo", "wave", "a", "b", "both"),  # type: ignore[arg-type]
        lambda: Comparison("Ann", "photo", "wave", "a", "b", "left", -1),
        lambda: Rating("Ann", "photo", "wave", "a", 0),
        lambda: Rating("Ann", "photo", "wave", "a", 6),
        lambda: Rating("Ann", "photo", "wave", "a", True),
        lambda: Rating("Ann", "photo", "wave", "a", 3, "x" * 2001),
    ],
)
def test_wrong_answers_are_refused(wrong: Callable[[], object]) -> None:
    with pytest.raises(UsageError, match="must be"):
        wrong()


def test_other_files_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite"
    other.write_bytes(b"this is not a database, and long enough to be seen as none" * 20)
    with pytest.raises(UsageError, match="not a file of ratings"):
        Ratings(other)
    with pytest.raises(OutputError, match="writable"):
        Ratings(tmp_path / "no" / "folder.sqlite")


def test_files_of_newer_versions_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ratings.sqlite"
    Ratings(path)
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version = 2")
    database.close()
    with pytest.raises(UsageError, match="newer version"):
        Ratings(path)
