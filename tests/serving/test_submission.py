"""Jobs from requests: waiting, and leaving."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.types import Message

from impasto.serving.app import create_app
from impasto.serving.submission import waited
from impasto.serving.workers.base import Canceled, Event, Outcome, Task
from impasto.serving.workers.inline import InlineExecutor
from impasto.settings.server import ServerSettings


@pytest.mark.parametrize(
    ("prefer", "seconds"),
    [
        ("wait", 30.0),
        ("wait=5", 5.0),
        ('wait="5"', 5.0),
        ("respond-async, wait=5", 5.0),
        ("wait=0", 0.0),
        ("wait=999999", 120.0),
        ("", None),
        ("respond-async", None),
        ("wait=-1", None),
        ("await=5", None),
    ],
)
def test_how_long_a_client_waits(prefer: str, seconds: float | None) -> None:
    assert waited(prefer) == seconds


class Endless(InlineExecutor):
    """Works until it is stopped, and says when it begins."""

    async def run(self, task: Task, on_event: Callable[[Event], None]) -> Outcome:
        """Wait until somebody stops it."""
        self.stopped.clear()
        self.begun.set()
        await self.stopped.wait()
        raise Canceled

    async def start(self) -> None:
        """Get ready."""
        self.begun, self.stopped = asyncio.Event(), asyncio.Event()

    def stop_task(self, id: str, *, finish: bool) -> None:
        """End it."""
        self.stopped.set()


@pytest.mark.parametrize(
    ("header", "state"), [((b"x", b"y"), "canceled"), ((b"idempotency-key", b"k"), "processing")]
)
def test_who_leaves_while_waiting_ends_the_job_unless_there_is_a_way_back(
    tmp_path: Path, photo: bytes, header: tuple[bytes, bytes], state: str
) -> None:
    executor = Endless()
    app = create_app(ServerSettings(folder=tmp_path), executor=executor)
    boundary = b"--x\r\ncontent-disposition: form-data; name="
    body = boundary + b'"style"\r\n\r\nstarry-night\r\n'
    body += boundary + b'"content"; filename="a.jpg"\r\n\r\n' + photo + b"\r\n--x--\r\n"
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/stylizations",
        "query_string": b"",
        "headers": [
            (b"host", b"127.0.0.1"),
            (b"content-type", b"multipart/form-data; boundary=x"),
            (b"prefer", b"wait=60"),
            header,
        ],
    }

    async def leave() -> str:
        coming = iter([{"type": "http.request", "body": body}])

        async def receive() -> Message:
            if message := next(coming, None):
                return message
            await executor.begun.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            """Nobody listens."""

        async with app.router.lifespan_context(app):
            await app(scope, receive, send)
            server = app.state.server
            (job,) = server.jobs.list()
            if state == "canceled":
                job = await server.dispatcher.wait(job.id, 10)
            executor.stopped.set()
            return str(job.state)

    assert asyncio.run(leave()) == state
