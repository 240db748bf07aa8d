"""The styles that a client may name: the gallery, and those that it made of its own paintings."""

import asyncio
import os
import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from impasto.provenance.cards import StyleCard
from impasto.serving.assets import Assets
from impasto.serving.jobs.schema import Database
from impasto.serving.live.painter import LivePainter
from impasto.serving.problems import Problem
from impasto.serving.schemas.words import STYLE_MEMBERS
from impasto.styles import gallery
from impasto.styles.style import Style

TABLE = """
CREATE TABLE IF NOT EXISTS styles (
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    painting TEXT NOT NULL,
    style TEXT NOT NULL,
    preview TEXT NOT NULL,
    card TEXT NOT NULL,
    PRIMARY KEY (owner, name)
) WITHOUT ROWID
"""
COLUMNS = "name, painting, style, preview, card"
MOST = 200  # styles of one owner
MEDIA_TYPE = "application/vnd.impasto.style"
NAME = r"[a-z0-9]+(-[a-z0-9]+)+"  # with a hyphen, which no color has
WORD = re.compile(rf"(?P<name>{NAME})(?P<weight>:[0-9.]+)?")


@dataclass(frozen=True)
class OwnStyle:
    """A style that a client made; painting, style file and preview are assets of its owner."""

    name: str
    painting: str
    style: str
    preview: str
    card: StyleCard


class Styles:
    """Own styles by owner, and the gallery.

    Args:
        database: the server's, where the table is made if it is not there.
        painter: sees paintings.
        scratch: a folder for files on their way.
    """

    def __init__(
        self, database: Database, assets: Assets, painter: LivePainter, scratch: Path
    ) -> None:
        self._database, self._assets, self._painter = database, assets, painter
        self._scratch = scratch
        scratch.mkdir(parents=True, exist_ok=True)
        with database.transaction() as connection:
            connection.execute(TABLE)

    def own(self, owner: str) -> list[OwnStyle]:
        """Return the styles that an owner made, by name."""
        query = f"SELECT {COLUMNS} FROM styles WHERE owner = ? ORDER BY name"
        return [_of_row(row) for row in self._database.rows(query, (owner,))]

    def find(self, name: str, owner: str) -> OwnStyle | None:
        """Return a style that an owner made."""
        query = f"SELECT {COLUMNS} FROM styles WHERE owner = ? AND name = ?"
        rows = self._database.rows(query, (owner, name))
        return _of_row(rows[0]) if rows else None

    def cards(self, owner: str) -> list[StyleCard]:
        """Return the cards of all styles that an owner may name, by name."""
        shared = [shared_card(path) for path in shared_paths().values()]
        return sorted([*shared, *(one.card for one in self.own(owner))], key=lambda one: one.name)

    async def add(self, name: str, painting: str, owner: str, known: Mapping[str, Any]) -> OwnStyle:
        """Make a style of a painting, an asset of the owner, and keep it until it is removed.

        Args:
            known: what else the card says: title, artist, ...

        Raises Problem for a name that is taken, or an asset that is not there; Refused for one that
        cannot be seen.
        """
        self._check_free(name, owner)
        path = await self._assets.path(painting, owner)
        if path is None:
            raise Problem("unknown-asset", f'There is no asset "{painting}". Upload the painting.')
        files = [self._scratch / f"{os.urandom(8).hex()}.{kind}" for kind in ("style", "jpg")]
        try:
            card, preview = await self._painter.encode(path, files[0], {"name": name, **known})
            await asyncio.to_thread(files[1].write_bytes, preview)
            style = await self._assets.add_file(files[0], owner, MEDIA_TYPE)
            shown = await self._assets.add_file(files[1], owner, "image/jpeg")
        finally:
            for file in files:
                file.unlink(missing_ok=True)
        made = OwnStyle(name, painting, style.id, shown.id, StyleCard.from_json(card))
        self._insert(made, card, owner)
        self._assets.hold([painting, style.id, shown.id], owner)
        return made

    async def remove(self, name: str, owner: str) -> bool:
        """Forget a style of an owner; tell whether there was one. The painting expires."""
        style = self.find(name, owner)
        if style is None:
            return False
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM styles WHERE owner = ? AND name = ?", (owner, name))
        held = {id for one in self.own(owner) for id in (one.painting, one.style, one.preview)}
        self._assets.release({style.painting, style.style, style.preview} - held, owner)
        return True

    def named(
        self, request: Mapping[str, Any], owner: str, *, painting: bool = False
    ) -> dict[str, Any]:
        """Return a request whose names of an owner's own styles are the assets that they are.

        Args:
            painting: give the paintings, which optimising and training look at, for the styles.
        """
        query = f"SELECT name, {'painting' if painting else 'style'} FROM styles WHERE owner = ?"
        own = {name: asset for name, asset in self._database.rows(query, (owner,))}
        return _renamed(request, own) if own else dict(request)

    def _check_free(self, name: str, owner: str) -> None:
        if name in gallery.names():
            raise Problem("style-taken", f'The gallery has a style "{name}". Choose another name.')
        if self.find(name, owner) is not None:
            raise Problem("style-taken", f'You have a style "{name}". Choose another name.')
        if len(self.own(owner)) >= MOST:
            raise Problem("quota-used", f"You have {MOST} styles. Remove one first.")

    def _insert(self, made: OwnStyle, card: str, owner: str) -> None:
        values = (owner, made.name, made.painting, made.style, made.preview, card)
        try:
            with self._database.transaction() as connection:
                connection.execute("INSERT INTO styles VALUES (?, ?, ?, ?, ?, ?)", values)
        except sqlite3.IntegrityError as error:  # two requests at once
            raise Problem("style-taken", f'You have a style "{made.name}".') from error


def shared_paths() -> dict[str, Path]:
    """Return the style files that everybody may name: the package's and the machine's own."""
    return {**gallery.built_in(), **gallery.own()}


def shared_card(path: Path) -> StyleCard:
    """Return the card of a style file, read again where it was written anew."""
    return _card(path, path.stat().st_mtime_ns)


@lru_cache(1024)
def _card(path: Path, written: int) -> StyleCard:
    return Style.load(path).card


def _of_row(row: sqlite3.Row) -> OwnStyle:
    name, painting, style, preview, card = row
    return OwnStyle(name, painting, style, preview, StyleCard.from_json(card))


def _renamed(request: Mapping[str, Any], own: Mapping[str, str]) -> dict[str, Any]:
    """Return a request, or a region of one, with assets for own names."""
    told = dict(request)
    for member in STYLE_MEMBERS:
        if isinstance(word := told.get(member), str):
            told[member] = _word(word, own)
        elif word:
            told[member] = [_word(one, own) for one in word]
    if regions := told.get("regions"):
        told["regions"] = [_renamed(one, own) for one in regions]
    return told


def _word(word: str, own: Mapping[str, str]) -> str:
    found = WORD.fullmatch(word)
    if found is None or found["name"] not in own:
        return word
    return f"asset:{own[found['name']]}{found['weight'] or ''}"
