"""Jobs from requests: waiting, and leaving."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from starlette.types import Message

from impasto.serving.app import create_app
from impasto.serving.guards.tokens import Grant
from impasto.serving.jobs.job import Job
from impasto.serving.parsing import check_body
from impasto.serving.problems import Problem
from impasto.serving.schemas.requests import Stylization
from impasto.serving.submission import Wish, enqueue, make_job, waited
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


PAINT = ("/v1/stylizations", b"content", b"style", b"starry-night")
EDIT = ("/v1/images/edits", b"image", b"prompt", b"The Starry Night")
NOTHING = (b"x", b"y")


@pytest.mark.parametrize(
    ("asked", "header", "state"),
    [
        (PAINT, NOTHING, "canceled"),
        (PAINT, (b"idempotency-key", b"k"), "processing"),
        (EDIT, NOTHING, "canceled"),
    ],
)
def test_who_leaves_while_waiting_ends_the_job_unless_there_is_a_way_back(
    tmp_path: Path,
    photo: bytes,
    asked: tuple[str, bytes, bytes, bytes],
    header: tuple[bytes, bytes],
    state: str,
) -> None:
    path, picture, field, words = asked
    executor = Endless()
    app = create_app(ServerSettings(folder=tmp_path), executor=executor)
    boundary = b"--x\r\ncontent-disposition: form-data; name="
    body = boundary + b'"' + field + b'"\r\n\r\n' + words + b"\r\n"
    body += boundary + b'"' + picture + b'"; filename="a.jpg"\r\n\r\n' + photo + b"\r\n--x--\r\n"
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
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


def test_a_batch_that_never_fits_is_not_asked_to_come_again(tmp_path: Path) -> None:
    settings = ServerSettings(folder=tmp_path, queue=2)
    app = create_app(settings, executor=InlineExecutor())
    with TestClient(app, base_url="http://127.0.0.1") as client:
        body = {"contents": [f"{n:064x}" for n in range(3)], "style": "great-wave"}
        answer = client.post("/v1/batches", json=body)
    assert answer.status_code == 413 and "Retry-After" not in answer.headers
    assert answer.json()["type"].endswith("/batch-too-large")
    assert "at most 2 photos" in answer.json()["detail"]


def test_the_same_request_finds_its_job_also_where_the_quota_is_used_up(tmp_path: Path) -> None:
    app = create_app(ServerSettings(folder=tmp_path), executor=Endless())

    async def twice() -> tuple[bool, bool]:
        async with app.router.lifespan_context(app):
            server, grant = app.state.server, Grant("ann", queue=1, a_day=1)
            job, again = (Job(id, "stylization", {}, owner="ann") for id in ("one", "two"))
            first, headers, new = enqueue(server, grant, job, Wish(key="k"))
            assert new and headers["RateLimit"].startswith('"day";r=0')
            there, _, new_again = enqueue(server, grant, again, Wish(key="k"))
            with pytest.raises(Problem, match="at once"):
                enqueue(server, grant, again, Wish(key="other"))
            return first.id == there.id, new_again

    assert asyncio.run(twice()) == (True, False)


def test_whom_a_job_tells_is_no_word_of_its_picture(tmp_path: Path) -> None:
    app = create_app(ServerSettings(folder=tmp_path, fetch=True), executor=Endless())
    photo = tmp_path / "photo"
    photo.write_bytes(b"of the server's own making")

    async def made() -> Job:
        async with app.router.lifespan_context(app):
            server = app.state.server
            asset = await server.assets.add_file(photo, "", "image/jpeg")
            words = {"content": asset.id, "style": "great-wave", "priority": "batch"}
            webhook = {"url": "https://example.org/secret"}
            body = check_body(Stylization, {**words, "webhook": webhook})
            return make_job(server, "", "stylization", body, Wish())

    job = asyncio.run(made())
    assert set(job.request) == {"content", "style"}
    assert job.webhook is not None and job.webhook["url"] == "https://example.org/secret"
