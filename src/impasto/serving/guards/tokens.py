"""Who asks: tokens, kept as hashes with their quotas, and the owner that a request speaks for."""

import base64
import hmac
import os
import re
import secrets
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from impasto.errors import OutputError, UsageError, did_you_mean

FILE = "tokens.sqlite"
VARIABLE = "IMPASTO_TOKEN"
SHORTEST = 12  # characters
NAME = re.compile(r"[a-z0-9]+([-_.][a-z0-9]+)*")
TABLE = """
create table if not exists tokens (
    name text primary key, hash blob not null unique, secret text not null,
    queue integer not null, a_day integer not null, created real not null
) strict"""


@dataclass(frozen=True)
class Grant:
    """What a token allows: its name owns jobs and pictures; quotas of 0 are no limit."""

    name: str
    secret: str = ""  # signs webhooks: "whsec_" and base64
    queue: int = 0  # jobs that may wait or run at once
    a_day: int = 0  # jobs within 24 hours
    created: float = 0.0


class Tokens:
    """The tokens of a server's folder; a command may change them while the server runs.

    Args:
        path: the SQLite file, made when the first token is.
        variable: a token that the environment gives, named "env"; nothing of it is stored.

    Raises UsageError for a variable that is too short to be a secret.
    """

    def __init__(self, path: Path, variable: str = "") -> None:
        self.path = path
        if variable and len(variable) < SHORTEST:
            raise UsageError(f"{VARIABLE} must have at least {SHORTEST} characters.")
        self._variable = _hash(variable) if variable else b""
        self._env = Grant("env", _derived(variable))
        self._own_secret = ""
        self._db: sqlite3.Connection | None = None
        self._seen = bool(variable)
        self._seen = self.exist

    @property
    def exist(self) -> bool:
        """Whether there is any token, or was one since this was opened: every request needs one.

        To remove the last one must not open a running server to everybody.
        """
        self._seen = self._seen or bool(self._rows("select 1 from tokens limit 1"))
        return self._seen

    def add(self, name: str, *, queue: int = 0, a_day: int = 0) -> tuple[str, Grant]:
        """Make a token and return it with its grant; it is nowhere else, only its hash is kept.

        Raises UsageError for a name that is taken or no name, OutputError where nothing can be
        written.
        """
        if not NAME.fullmatch(name) or name == "env":
            raise UsageError(
                f'A token cannot be named "{name}". Use lower-case letters, digits and hyphens.'
            )
        if min(queue, a_day) < 0:
            raise UsageError("A quota must be a whole number of at least 0; 0 is no limit.")
        token = "impasto_" + secrets.token_urlsafe(24)
        grant = Grant(name, _new_secret(), queue, a_day, time.time())
        values = (name, _hash(token), grant.secret, queue, a_day, grant.created)
        try:
            with self._opened() as db:
                db.execute("insert into tokens values (?, ?, ?, ?, ?, ?)", values)
        except sqlite3.IntegrityError as error:
            raise UsageError(
                f'There is a token "{name}" already. Choose another name, or remove that one.'
            ) from error
        return token, grant

    def remove(self, name: str) -> None:
        """Make a token worthless; raise UsageError with the closest name where there is none."""
        known = [one.name for one in self.all()]
        if name not in known:
            raise UsageError(f'There is no token "{name}".{did_you_mean(name, known)}')
        with self._opened() as db:
            db.execute("delete from tokens where name = ?", (name,))

    def all(self) -> list[Grant]:
        """Return the grants of all tokens that are kept, by name."""
        return [Grant(*row) for row in self._rows(f"select {COLUMNS} from tokens order by name")]

    def check(self, token: str) -> Grant | None:
        """Return what a token grants, or None for one that is unknown."""
        hashed = _hash(token)
        if self._variable and hmac.compare_digest(hashed, self._variable):
            return self._env
        # Only hashes are looked up, so how long this takes tells nothing of any token.
        rows = self._rows(f"select {COLUMNS} from tokens where hash = ?", (hashed,))
        return Grant(*rows[0]) if rows else None

    def grant(self, name: str) -> Grant | None:
        """Return the grant of a name, or None where it is gone."""
        if name == "env" and self._variable:
            return self._env
        rows = self._rows(f"select {COLUMNS} from tokens where name = ?", (name,))
        return Grant(*rows[0]) if rows else None

    def secret(self, owner: str) -> str:
        """Return the secret that signs the webhooks of an owner; "" is everybody on a server
        without tokens."""
        if grant := self.grant(owner) if owner else None:
            return grant.secret
        self._own_secret = self._own_secret or _kept_secret(self.path.with_name("webhooks.secret"))
        return self._own_secret

    def close(self) -> None:
        """Close the file."""
        if self._db is not None:
            self._db.close()
            self._db = None

    def _rows(
        self, query: str, values: tuple[str | bytes, ...] = ()
    ) -> list[tuple[str, str, int, int, float]]:
        if self._db is None and not self.path.exists():
            return []
        return self._opened().execute(query, values).fetchall()

    def _opened(self) -> sqlite3.Connection:
        if self._db is None:
            try:
                self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
                db = sqlite3.connect(self.path, timeout=10, check_same_thread=False)
                db.execute(TABLE)
            except (OSError, sqlite3.Error) as error:
                raise OutputError(f"Tokens cannot be kept in {self.path}: {error}.") from error
            self._db = db
        return self._db


COLUMNS = "name, secret, queue, a_day, created"


def from_environment(folder: Path, environment: Mapping[str, str] = os.environ) -> Tokens:
    """Return the tokens of a server's folder, and the one that the environment gives."""
    return Tokens(folder / FILE, environment.get(VARIABLE, ""))


def _hash(token: str) -> bytes:
    # Tokens are long and random: a slow hash would protect nothing more.
    return sha256(token.encode("utf-8", "surrogatepass")).digest()


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()


def _derived(token: str) -> str:
    mixed = hmac.digest(token.encode("utf-8", "surrogatepass"), b"webhooks", "sha256")
    return "whsec_" + base64.b64encode(mixed).decode()


def _kept_secret(path: Path) -> str:
    """Return the server's own secret; it is made once."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(_new_secret())
    except FileExistsError:
        pass
    return path.read_text()
