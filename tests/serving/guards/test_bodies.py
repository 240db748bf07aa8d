"""Bodies that are too large, or too slow, end early."""

import asyncio
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from impasto.serving.app import create_app
from impasto.serving.guards.bodies import SLACK, LimitBodies
from impasto.serving.problems import Problem
from impasto.serving.workers.inline import InlineExecutor
from impasto.settings.server import ServerSettings

SCOPE: Scope = {"type": "http", "headers": []}


async def drink(scope: Scope, receive: Receive, send: Send) -> None:
    """Read a body to its end."""
    while (await receive()).get("more_body"):
        pass


async def drop(message: Message) -> None:
    """Send nothing."""


def given(*pieces: bytes) -> Receive:
    """Return the pieces of a body that never ends."""
    coming = iter(pieces)

    async def receive() -> Message:
        piece = next(coming, None)
        if piece is None:
            await asyncio.sleep(3600)
        return {"type": "http.request", "body": piece, "more_body": True}

    return receive


def test_a_body_is_counted_while_it_comes(tmp_path: Path) -> None:
    app = create_app(ServerSettings(folder=tmp_path, max_body=1), executor=InlineExecutor())
    with TestClient(app, base_url="http://127.0.0.1") as client:
        told = client.post("/v1/assets", content=bytes(3_000_000))
        assert told.status_code == 413
        answer = client.post("/v1/stylizations", content=bytes(3_000_000))
        assert (answer.status_code, answer.json()["type"].rsplit("/")[-1]) == (
            413,
            "body-too-large",
        )


def test_what_is_told_to_be_too_large_is_not_read() -> None:
    scope = {**SCOPE, "headers": [(b"content-length", str(SLACK + 11).encode())]}
    with pytest.raises(Problem, match="at most") as caught:
        asyncio.run(LimitBodies(drink, most=10)(scope, given(), drop))
    assert caught.value.name == "body-too-large"


def test_what_is_told_wrongly_is_counted() -> None:
    scope = {**SCOPE, "headers": [(b"content-length", b"1")]}
    with pytest.raises(Problem) as caught:
        asyncio.run(LimitBodies(drink, most=10)(scope, given(bytes(SLACK), bytes(11)), drop))
    assert caught.value.name == "body-too-large"


def test_a_client_that_stops_sending_is_left() -> None:
    with pytest.raises(Problem) as caught:
        asyncio.run(LimitBodies(drink, most=10, idle_s=0.01)(SCOPE, given(b"x"), drop))
    assert caught.value.name == "request-timeout"


def test_a_client_that_leaves_while_it_sends_is_no_error(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(ServerSettings(folder=tmp_path), executor=InlineExecutor())
    headers = [(b"host", b"127.0.0.1"), (b"content-length", b"1000")]
    scope = {
        **SCOPE,
        "method": "POST",
        "path": "/v1/assets",
        "query_string": b"",
        "headers": headers,
    }
    statuses = []

    async def send(message: Message) -> None:
        statuses.append(message.get("status"))

    async def leave() -> int:
        coming = iter([{"type": "http.request", "body": bytes(10), "more_body": True}])

        async def receive() -> Message:
            return next(coming, {"type": "http.disconnect"})

        async with app.router.lifespan_context(app):
            await app(scope, receive, send)
            return int(app.state.server.assets.refused["client-left"])

    assert asyncio.run(leave()) == 1
    assert statuses[0] == 499 and not caplog.records


def test_a_request_has_only_so_many_headers() -> None:
    scope = {**SCOPE, "headers": [(b"x", b"y")] * 100}
    with pytest.raises(Problem) as caught:
        asyncio.run(LimitBodies(drink, most=10)(scope, given(), drop))
    assert caught.value.name == "headers-too-large"
