"""Webhooks: a client's address is told how its job goes, signed as Standard Webhooks are.

https://github.com/standard-webhooks/standard-webhooks. What is to be told is written in the same
transaction as the job itself, so a restart forgets nothing; who does not answer is asked again.
"""

import asyncio
import base64
import contextlib
import hmac
import json
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from impasto.errors import ImpastoError
from impasto.serving.addresses import parse
from impasto.serving.fetch import Outside
from impasto.serving.jobs.job import Job
from impasto.serving.jobs.schema import Database
from impasto.serving.problems import Problem
from impasto.serving.schemas.answers import iso, job_json

LATER_S = (5, 60, 600, 3600, 4 * 3600, 12 * 3600)  # between tries; then it is given up
GONE = 410  # an answer that asks for no more
AT_ONCE = 8
IDLE_S = 3600.0

TABLE = """
CREATE TABLE IF NOT EXISTS webhooks (
    id TEXT PRIMARY KEY,
    job TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    event TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    due REAL NOT NULL DEFAULT 0
) WITHOUT ROWID
"""
BY_TIME = "CREATE INDEX IF NOT EXISTS webhooks_due ON webhooks (due)"
BY_JOB = "CREATE INDEX IF NOT EXISTS webhooks_of_job ON webhooks (job)"
TRIGGER = """
CREATE TRIGGER IF NOT EXISTS jobs_tell AFTER UPDATE OF state ON jobs
WHEN new.webhook IS NOT NULL AND new.state <> old.state
BEGIN
    INSERT INTO webhooks (id, job, event)
    SELECT 'msg_' || lower(hex(randomblob(12))), new.id, event FROM
        (SELECT CASE new.state WHEN 'processing' THEN 'started' ELSE new.state END AS event)
    WHERE event IN (SELECT value FROM json_each(
        coalesce(json_extract(new.webhook, '$.events'), '["succeeded", "failed", "canceled"]')
    ));
END
"""
logger = logging.getLogger("impasto.serving")


class Webhooks:
    """Tells clients' addresses of their jobs.

    Args:
        database: the server's, with the jobs; the table is made if it is not there.
        job: returns a job by its id.
        secret: returns the secret that signs what an owner is told, ``whsec_`` and base64.
    """

    def __init__(
        self,
        database: Database,
        job: Callable[[str], Job | None],
        secret: Callable[[str], str],
        outside: Outside,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database, self._job, self._secret = database, job, secret
        self._outside, self._now, self._woken = outside, clock, asyncio.Event()
        with database.transaction() as connection:
            for statement in (TABLE, BY_TIME, BY_JOB, TRIGGER):
                connection.execute(statement)

    def wake(self) -> None:
        """Look for something to tell now."""
        self._woken.set()

    async def run(self) -> None:
        """Tell what is due, until canceled."""
        while True:
            self._woken.clear()
            try:
                wait = 0.0 if await self.send_due() else self._until_next()
            except Exception:  # a full disk, say: what is due stays in the table
                logger.exception("telling webhooks")
                wait = LATER_S[1]
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._woken.wait()

    async def send_due(self) -> int:
        """Tell some of what is due, and return how many that were."""
        due = self._database.rows(
            "SELECT id, job, event, tries FROM webhooks WHERE due <= ? ORDER BY due LIMIT ?",
            (self._now(), AT_ONCE),
        )
        await asyncio.gather(*(self._send(*row) for row in due))
        return len(due)

    async def _send(self, id: str, job_id: str, event: str, tries: int) -> None:
        job = self._job(job_id)
        if job is None or job.webhook is None or await self._told(id, job, event):
            self._write("DELETE FROM webhooks WHERE id = ?", id)
        elif tries < len(LATER_S):
            due = self._now() + LATER_S[tries]
            self._write("UPDATE webhooks SET tries = ?, due = ? WHERE id = ?", tries + 1, due, id)
        else:
            logger.warning("the webhook %s of job %s was given up", id, job_id)
            self._write("DELETE FROM webhooks WHERE id = ?", id)

    async def _told(self, id: str, job: Job, event: str) -> bool:
        """Tell an address once; False where that is worth another try."""
        now = self._now()
        told = {"type": f"job.{event}", "timestamp": iso(now), "data": job_json(job)}
        body = json.dumps(told, separators=(",", ":")).encode()
        headers = signed(self._secret(job.owner), id, int(now), body)
        try:
            status = await self._outside.post((job.webhook or {})["url"], body, headers)
        except (ImpastoError, Problem) as error:
            logger.info("the webhook %s of job %s was not sent: %s", id, job.id, error)
            return False
        return 200 <= status < 300 or status == GONE

    def _until_next(self) -> float:
        (row,) = self._database.rows("SELECT min(due) FROM webhooks")
        return IDLE_S if row[0] is None else max(0.0, row[0] - self._now())

    def _write(self, statement: str, *values: object) -> None:
        with self._database.transaction() as connection:
            connection.execute(statement, values)


def check(webhook: Mapping[str, Any], allowed: bool) -> None:
    """Raise Problem where webhooks are not allowed, UsageError for what is no https address."""
    if not allowed:
        raise Problem("forbidden", "This server sends no webhooks: it was started without --fetch.")
    parse(webhook["url"])


def signed(secret: str, id: str, seconds: int, body: bytes) -> dict[str, str]:
    """Return the headers of a message, with its signature."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.digest(key, f"{id}.{seconds}.".encode() + body, "sha256")
    return {
        "Content-Type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }
