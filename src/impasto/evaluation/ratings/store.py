"""Where people's answers are kept: a SQLite file for many processes, safe after a kill."""

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import astuple, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args
from unicodedata import category

from impasto.errors import OutputError, UsageError
from impasto.evaluation.ratings.exhibition import Duel, Painting, duel_of

NAME = "ratings.sqlite"  # inside a report folder
VERSION = 1
WAIT = 10.0  # seconds for another process to finish writing
LONGEST_NAME, LONGEST_COMMENT = 60, 2000  # characters
LONGEST_LOOK = 86_400_000  # milliseconds

Choice = Literal["left", "right", "tie", "skip"]
CHOICES: tuple[Choice, ...] = get_args(Choice)
Kind = Literal["comparison", "rating"]

SCHEMA = """
CREATE TABLE comparisons (
    id INTEGER PRIMARY KEY,
    rater TEXT NOT NULL,
    content TEXT NOT NULL,
    style TEXT NOT NULL,
    left_model TEXT NOT NULL,
    right_model TEXT NOT NULL CHECK (right_model != left_model),
    choice TEXT NOT NULL CHECK (choice IN ('left', 'right', 'tie', 'skip')),
    milliseconds INTEGER NOT NULL CHECK (milliseconds >= 0),
    at TEXT NOT NULL
);
CREATE TABLE ratings (
    id INTEGER PRIMARY KEY,
    rater TEXT NOT NULL,
    content TEXT NOT NULL,
    style TEXT NOT NULL,
    model TEXT NOT NULL,
    stars INTEGER NOT NULL CHECK (stars BETWEEN 1 AND 5),
    comment TEXT NOT NULL,
    at TEXT NOT NULL,
    UNIQUE (rater, content, style, model)
);
CREATE TABLE secret (value BLOB NOT NULL);
"""
INSERT_COMPARISON = """
INSERT INTO comparisons (rater, content, style, left_model, right_model, choice, milliseconds, at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
# The last word counts, so that a painting has one rating of a person.
INSERT_RATING = """
INSERT OR REPLACE INTO ratings (rater, content, style, model, stars, comment, at)
VALUES (?, ?, ?, ?, ?, ?, ?)
"""
SELECT = {
    "comparison": "SELECT rater, content, style, left_model, right_model, choice, milliseconds, at"
    " FROM comparisons ORDER BY id",
    "rating": "SELECT rater, content, style, model, stars, comment, at FROM ratings ORDER BY id",
}
DELETE = {
    "comparison": "DELETE FROM comparisons WHERE id = ? AND rater = ?",
    "rating": "DELETE FROM ratings WHERE id = ? AND rater = ?",
}


def now() -> str:
    """Return the time in UTC, as ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


@dataclass(frozen=True)
class Comparison:
    """What one person said of two paintings."""

    rater: str
    content: str
    style: str
    left: str  # the models, as they were shown
    right: str
    choice: Choice
    milliseconds: int = 0  # from seeing to answering
    at: str = field(default_factory=now)

    def __post_init__(self) -> None:
        _check_text("rater", self.rater, 1, LONGEST_NAME)
        if self.choice not in CHOICES:
            raise UsageError(f"choice must be one of {', '.join(CHOICES)}, got {self.choice!r}")
        if self.left == self.right:
            raise UsageError(f'left and right must be two models, got "{self.left}" twice')
        _check_number("milliseconds", self.milliseconds, 0, LONGEST_LOOK)

    @property
    def duel(self) -> Duel:
        """The two paintings, whatever side they were on."""
        return duel_of(self.content, self.style, self.left, self.right)

    @property
    def winner(self) -> str | None:
        """The model that was preferred; None for a tie or no answer."""
        return {"left": self.left, "right": self.right}.get(self.choice)


@dataclass(frozen=True)
class Rating:
    """How many stars one person gave a painting, 1 to 5, and why."""

    rater: str
    content: str
    style: str
    model: str
    stars: int
    comment: str = ""
    at: str = field(default_factory=now)

    def __post_init__(self) -> None:
        _check_text("rater", self.rater, 1, LONGEST_NAME)
        _check_number("stars", self.stars, 1, 5)
        _check_text("comment", self.comment, 0, LONGEST_COMMENT)

    @property
    def painting(self) -> Painting:
        """What was rated."""
        return Painting(self.content, self.style, self.model)


def _check_text(name: str, value: object, shortest: int, longest: int) -> None:
    fits = isinstance(value, str) and shortest <= len(value) <= longest
    # Control characters and halves of others; not the joiners that are within many an emoji.
    if not fits or any(category(c) in ("Cc", "Cs") and c != "\n" for c in str(value)):
        raise UsageError(
            f"{name} must be a text of {shortest} to {longest} characters, none for control"
        )


def _check_number(name: str, value: object, low: int, high: int) -> None:
    if not (isinstance(value, int) and not isinstance(value, bool) and low <= value <= high):
        raise UsageError(f"{name} must be a whole number from {low} to {high}, got {value!r:.40}")


class Ratings:
    """The answers in one file, which is made by the first one who opens it.

    Every call opens the file anew: any thread and any process may call at any time, and what has
    returned is on the disk. Raises OutputError where the file cannot be used, UsageError where it
    is no file of ratings or one of a newer version.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._open() as database:
            self.secret = self._made(database)
        # A crash leaves either all of an answer or none, and readers wait for nobody. Where another
        # process is at it, it does this too.
        with self._open() as database, suppress(sqlite3.OperationalError):
            database.execute("PRAGMA journal_mode = WAL")

    def _made(self, database: sqlite3.Connection) -> bytes:
        """Make the tables if they are not there; return the secret that pictures are named by."""
        # Two processes may come first at once: the second finds the tables made.
        database.execute("BEGIN IMMEDIATE")
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise UsageError(
                f'"{self.path}" was written by a newer version of Impasto (schema {version}, this '
                f"one knows {VERSION}). Update: pip install --upgrade impasto"
            )
        if not version:
            for statement in SCHEMA.split(";"):
                database.execute(statement)
            database.execute("INSERT INTO secret VALUES (?)", [secrets.token_bytes(32)])
            database.execute(f"PRAGMA user_version = {VERSION}")
        (secret,) = database.execute("SELECT value FROM secret").fetchone()
        return bytes(secret)

    def add(self, answer: Comparison | Rating) -> int:
        """Keep an answer, and return the number by which it can be taken back."""
        statement = INSERT_COMPARISON if isinstance(answer, Comparison) else INSERT_RATING
        with self._open() as database:
            return database.execute(statement, astuple(answer)).lastrowid or 0

    def take_back(self, kind: Kind, number: int, rater: str) -> bool:
        """Forget an answer; tell whether this person had given it."""
        with self._open() as database:
            return database.execute(DELETE[kind], [number, rater]).rowcount > 0

    def comparisons(self) -> list[Comparison]:
        """Return what was said of two paintings, in the order of time."""
        with self._open() as database:
            return [Comparison(*row) for row in database.execute(SELECT["comparison"])]

    def ratings(self) -> list[Rating]:
        """Return the stars that were given, in the order of time."""
        with self._open() as database:
            return [Rating(*row) for row in database.execute(SELECT["rating"])]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self.path, timeout=WAIT)) as database:
                database.execute("PRAGMA synchronous = FULL")
                with database:
                    yield database
        except sqlite3.OperationalError as error:
            raise OutputError(
                f'Ratings cannot be kept in "{self.path}": {error}. Free space, or make the folder '
                "writable."
            ) from error
        except sqlite3.DatabaseError as error:
            raise UsageError(
                f'"{self.path}" is not a file of ratings ({error}). Move it away, and it is made '
                "anew."
            ) from error
