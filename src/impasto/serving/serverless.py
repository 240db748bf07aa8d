"""The server as a function of AWS Lambda: one invocation is one request, and all its work.

`handler` takes events of function URLs and of API Gateway's HTTP APIs (payload version 2.0). The
application stays open between invocations, but nothing runs there in the meantime: so an answer
waits until the jobs of its request have ended.
"""

import asyncio
import base64
import json
import os
from collections.abc import Iterable, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from starlette.types import ASGIApp, Message, Scope

from impasto.errors import UsageError
from impasto.serving.app import create_app
from impasto.serving.guards.tokens import VARIABLE
from impasto.serving.jobs.job import ENDED
from impasto.serving.problems import MEDIA_TYPE, Problem
from impasto.serving.workers.base import Executor
from impasto.serving.workers.inline import InlineExecutor
from impasto.settings.schema import from_environment
from impasto.settings.server import ServerSettings

LARGEST = 6_000_000  # bytes of an answer, in base64, that the platform takes
RESERVE_S = 2.0  # of the time of an invocation, to end a job and to answer in
TEXTS = ("text/", "application/json", MEDIA_TYPE)
JOBS = "/v1/jobs/"

Event = Mapping[str, Any]
Answer = dict[str, Any]


class Function:
    """An application, opened once, that answers events one after another."""

    def __init__(self, settings: ServerSettings, executor: Executor | None = None) -> None:
        self._loop = asyncio.new_event_loop()
        self._app = create_app(settings, executor=executor or InlineExecutor())
        self._ends = AsyncExitStack()
        living = self._app.router.lifespan_context(self._app)
        self._loop.run_until_complete(self._ends.enter_async_context(living))

    def answer(self, event: Event, seconds: float) -> Answer:
        """Return the answer to an event within so many seconds."""
        return self._loop.run_until_complete(self._answer(event, seconds))

    def close(self) -> None:
        """End the application."""
        self._loop.run_until_complete(self._ends.aclose())
        self._loop.close()

    async def _answer(self, event: Event, seconds: float) -> Answer:
        end = self._loop.time() + seconds
        answer = await answered(self._app, event, seconds)
        id = answer["headers"].get("location", "").removeprefix(JOBS)
        if not id or await self._ended(id, end - self._loop.time()):
            return answer
        return _refused(
            Problem("out-of-time", "Ask for a smaller picture, or give the function more time.")
        )

    async def _ended(self, id: str, seconds: float) -> bool:
        """Tell whether a job ended in time; one that did not is canceled, for nobody goes on."""
        server = self._app.state.server
        job = await server.dispatcher.wait(id, max(0.0, seconds))
        if job is not None and job.state not in ENDED:
            server.dispatcher.cancel(id)
            return False
        return job is None or job.state != "canceled"


_open: list[Function] = []  # one, from the first invocation on


def handler(event: Event, context: Any) -> Answer:
    """Answer one event; settings are the variables ``IMPASTO_...``.

    Raises UsageError without a token among them, SettingError for a setting that cannot be.
    """
    if not _open:
        if not os.environ.get(VARIABLE):
            raise UsageError(f"Everybody can reach a function. Set {VARIABLE} to a long secret.")
        settings = from_environment(ServerSettings)
        hosts = (*settings.hosts, event["requestContext"]["domainName"])
        _open.append(Function(replace(settings, hosts=hosts)))
    return _open[0].answer(event, context.get_remaining_time_in_millis() / 1000 - RESERVE_S)


async def answered(app: ASGIApp, event: Event, seconds: float) -> Answer:
    """Return what an application answers to an event; after so many seconds its client leaves."""
    body = event.get("body") or ""
    data = base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()
    coming: list[Message] = [{"type": "http.request", "body": data, "more_body": False}]
    start: Message = {}
    sent = bytearray()

    async def receive() -> Message:
        if coming:
            return coming.pop()
        await asyncio.sleep(seconds)
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        start.update(message)
        sent.extend(message.get("body", b""))

    await app(scope_of(event), receive, send)
    return _answer(start["status"], start["headers"], bytes(sent))


def scope_of(event: Event) -> Scope:
    """Return the ASGI scope of an event of version 2.0."""
    context, path = event["requestContext"], event["rawPath"]
    if (stage := context.get("stage", "$default")) != "$default":
        path = path.removeprefix(f"/{stage}") or "/"  # API Gateway puts it before the path
    headers = {key.lower(): value for key, value in event["headers"].items()}
    if cookies := event.get("cookies"):
        headers["cookie"] = "; ".join(cookies)
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": context["http"]["method"],
        "scheme": headers.get("x-forwarded-proto", "https"),
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": event.get("rawQueryString", "").encode(),
        "root_path": "",
        "headers": [(key.encode(), str(value).encode()) for key, value in headers.items()],
        "client": (context["http"]["sourceIp"], 0),
        "server": (context["domainName"], 443),
    }


def _answer(status: int, headers: Iterable[tuple[bytes, bytes]], body: bytes) -> Answer:
    told: dict[str, str] = {}
    for key, value in ((key.decode().lower(), value.decode("latin-1")) for key, value in headers):
        told[key] = f"{told[key]}, {value}" if key in told else value
    text = told.get("content-type", "").startswith(TEXTS)
    sent = body.decode() if text else base64.b64encode(body).decode()
    if len(sent) > LARGEST:
        most, size = LARGEST * 3 / 4e6, len(body) / 1e6
        words = f"A function answers with at most {most:.1f} MB; this has {size:.1f} MB."
        return _refused(Problem("body-too-large", f"{words} Ask for a smaller picture."))
    return {"statusCode": status, "headers": told, "body": sent, "isBase64Encoded": not text}


def _refused(problem: Problem) -> Answer:
    headers = [(b"content-type", MEDIA_TYPE.encode())]
    return _answer(problem.status, headers, json.dumps(problem.to_json()).encode())
