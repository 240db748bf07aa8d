"""From a checked body to a job in the queue, and to what the client waits for."""

import asyncio
import logging
import re
import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from impasto.serving.files import file_response, found
from impasto.serving.guards.quotas import check_quota
from impasto.serving.guards.tokens import Grant
from impasto.serving.jobs.job import BATCH, INTERACTIVE, NORMAL, Job
from impasto.serving.jobs.refusals import IdTaken, KeyReused, QueueFull
from impasto.serving.jobs.rows import as_json, assets_of
from impasto.serving.problems import MEDIA_TYPE, Problem
from impasto.serving.references import check_names
from impasto.serving.schemas.answers import ended, job_json
from impasto.serving.schemas.fields import Body
from impasto.serving.server import Server
from impasto.serving.tasks.registry import lane_of
from impasto.serving.webhooks import check as check_webhook

PRIORITIES: Mapping[str, int] = {"interactive": INTERACTIVE, "normal": NORMAL, "batch": BATCH}
ENVELOPE = ("webhook", "priority")  # of the job, not of the picture
LONGEST_WAIT, USUAL_WAIT = 120.0, 30.0
WAIT = re.compile(r"(?:^|[,;\s])wait(?:\s*=\s*\"?(\d{1,6})\"?)?(?=$|[,;\s])", re.IGNORECASE)
logger = logging.getLogger("impasto.serving")
KEY = re.compile(r"[\x21-\x7e ]{1,255}")


@dataclass(frozen=True)
class Wish:
    """How a client wants to be answered: its own id or key for the job, and how long it waits."""

    id: str = ""
    key: str = ""
    wait_s: float | None = None
    picture: bool = True  # of what is waited for; else its job as JSON

    @classmethod
    def of(cls, request: Request) -> "Wish":
        """Read a request's headers; raise Problem for an idempotency key that is none."""
        key = request.headers.get("Idempotency-Key", "")
        if key and not KEY.fullmatch(key):
            raise Problem("bad-request", "An Idempotency-Key has 1 to 255 letters of ASCII.")
        accepted = request.headers.get("Accept", "").lower()
        json = "application/json" in accepted and "image/" not in accepted
        wait_s = waited(request.headers.get("Prefer", ""))
        return cls(key=key, wait_s=wait_s, picture=not json)


def waited(prefer: str) -> float | None:
    """Return the seconds of ``Prefer: wait``, or None where it does not say so.

    >>> waited("wait=5"), waited("wait"), waited("respond-async")
    (5.0, 30.0, None)
    """
    told = WAIT.search(prefer)
    if told is None:
        return None
    return min(float(told[1] or USUAL_WAIT), LONGEST_WAIT)


async def submit(
    request: Request, grant: Grant, kind: str, body: Body, wish: Wish, children: Iterable[Body] = ()
) -> Response:
    """Put a job into the queue, or find the one that is there, and answer.

    Raises Problem for what it names and is not there, a full queue, a quota that is used up.
    """
    server: Server = request.app.state.server
    children = list(children)
    check_batch(server, grant, len(children))
    job = make_job(server, grant.name, kind, body, wish)
    parts = [make_job(server, grant.name, "stylization", one, Wish(), job) for one in children]
    added, headers, new = enqueue(server, grant, job, wish, parts)
    response = await _answer(request, server, added, wish, new)
    response.headers.update(headers)
    return response


def enqueue(
    server: Server, grant: Grant, job: Job, wish: Wish, parts: Sequence[Job] = ()
) -> tuple[Job, dict[str, str], bool]:
    """Put a job into the queue; return it, headers that tell of quotas, and whether it is new.

    Raises Problem for a full queue, a quota that is used up, an id or key that is taken.
    """
    hashed = sha256(f"{job.kind} {as_json(dict(job.request))}".encode()).hexdigest()
    try:
        mine = wish.id or wish.key
        if mine and (there := server.jobs.known(job, key=wish.key, body_hash=hashed)):
            return there, {}, False
        headers = check_quota(server.jobs, grant, len(parts) or 1)
        added = server.jobs.add_batch(job, parts, key=wish.key, body_hash=hashed)
    except QueueFull as error:
        wait = str(error.retry_after_s)
        raise Problem("queue-full", str(error), headers={"Retry-After": wait}) from error
    except KeyReused as error:
        raise Problem("key-reused", "Send another Idempotency-Key, or the same request.") from error
    except IdTaken as error:
        raise Problem("id-taken", "Choose another id, or send the same request.") from error
    server.dispatcher.wake()
    logger.info("taken", extra={"facts": facts_of(server, added)})
    return added, headers, True


def check_batch(server: Server, grant: Grant, coming: int) -> None:
    """Raise Problem for a batch that can never be taken, whenever it comes."""
    most = min(n for n in (server.settings.queue, grant.queue, grant.a_day) if n)
    if coming > most:
        photos = "photo" if most == 1 else "photos"
        words = f"A batch has at most {most:,} {photos} here, this one has {coming:,}."
        raise Problem("batch-too-large", f"{words} Send several.")


def make_job(
    server: Server, owner: str, kind: str, body: Body, wish: Wish, parent: Job | None = None
) -> Job:
    """Return the job of a body; raise Problem for assets that are not there."""
    asked = body.model_dump(exclude_unset=True, mode="json")
    priority = asked.get("priority") or ("interactive" if wish.wait_s else "normal")
    if webhook := asked.get("webhook"):
        check_webhook(webhook, server.settings.fetch)
    words = {key: value for key, value in asked.items() if key not in ENVELOPE}
    words = server.styles.named(words, owner, painting=kind in ("optimization", "training"))
    check_names(words)
    for id in assets_of(words):
        if server.assets.get(id, owner) is None:
            raise Problem("unknown-asset", f'There is no asset "{id}". Upload it to /v1/assets.')
    return Job(
        id=wish.id or secrets.token_hex(12),
        kind=kind,
        request=words,
        owner=owner,
        lane=_lane(server, owner, kind, words),
        priority=parent.priority if parent else PRIORITIES[priority],
        created=time.time(),
        webhook=asked.get("webhook"),
    )


def _lane(server: Server, owner: str, kind: str, words: Mapping[str, Any]) -> Any:
    if kind in ("optimization", "training"):
        return "long"
    photo = server.assets.get(str(words.get("content", "")), owner)
    if photo is None or photo.width is None or photo.height is None:
        return "short"
    return lane_of(words, photo.width, photo.height)


def facts_of(server: Server, job: Job) -> dict[str, Any]:
    """Return what the log tells of a job: no words of its client, but the photo's hash."""
    told: dict[str, Any] = {"job": job.id, "kind": job.kind, "lane": job.lane}
    photo = server.assets.get(str(job.request.get("content", "")), job.owner)
    if photo is not None:
        told |= {"asset": photo.id, "format": photo.media_type, "bytes": photo.size}
        told |= {"width": photo.width, "height": photo.height}
    return told


async def _answer(request: Request, server: Server, job: Job, wish: Wish, new: bool) -> Response:
    if wish.wait_s is not None:
        job = await wait_for(request, server, job, wish, new=new)
    applied = {"Preference-Applied": "wait"} if wish.wait_s is not None else {}
    if applied and wish.picture and ended(job) and not (job.kind == "batch" and not job.problem):
        response = await output(request, job)
        response.headers.update(applied)
        return response
    headers = {"Location": f"/v1/jobs/{job.id}", **applied}
    return JSONResponse(job_json(job), 201 if new else 200, headers)


async def wait_for(request: Request, server: Server, job: Job, wish: Wish, *, new: bool) -> Job:
    """Wait until a job ended; one that only its client waits for ends when that one leaves.

    Args:
        new: whether this request made the job.
    """
    waiting = asyncio.create_task(server.dispatcher.wait(job.id, wish.wait_s or 0))
    leaving = asyncio.create_task(_left(request))
    left = True  # also where this is canceled, as a stream is when nobody reads it
    try:
        await asyncio.wait({waiting, leaving}, return_when=asyncio.FIRST_COMPLETED)
        left = not waiting.done()
        return job if left else waiting.result() or job
    finally:
        for task in (waiting, leaving):
            task.cancel()
        await asyncio.gather(waiting, leaving, return_exceptions=True)
        # With a key or an id of its own, the client may come back for it.
        alone = left and new and not (wish.key or wish.id) and job.priority == INTERACTIVE
        if alone and not server.dispatcher.watched(job.id):
            server.dispatcher.cancel(job.id)


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def output(request: Request, job: Job, name: str = "") -> Response:
    """Return the bytes that a job made, or the problem that ended it."""
    headers = {"Impasto-Job": job.id, "Link": f'</v1/jobs/{job.id}>; rel="job"'}
    made = [one for one in job.outputs if name in ("", one.name)]
    if job.state == "succeeded" and made:
        asset, path = await found(request, made[0].asset, job.owner)
        response = file_response(request, asset, path, made[0].name)
        response.headers.update(headers)
        return response
    if job.state == "failed" and job.problem is not None:
        status = int(job.problem.get("status", 500))
        return JSONResponse(dict(job.problem), status, headers, media_type=MEDIA_TYPE)
    if job.state == "succeeded":
        raise Problem("not-found", "The job has no such output.", headers=headers)
    words = "The job was canceled." if job.state == "canceled" else "The job has not ended."
    raise Problem("canceled" if job.state == "canceled" else "conflict", words, headers=headers)
