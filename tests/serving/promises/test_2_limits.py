"""Nobody can fill the server: bodies are counted while they come, slow clients left, queues end."""

import contextlib
import socket
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from starlette.testclient import TestClient
from tests.serving.real import Real

from impasto.serving.app import create_app
from impasto.serving.jobs.job import Lane
from impasto.serving.workers.base import Event, Outcome, Task
from impasto.settings.server import ServerSettings

MB = 1_000_000


def say(real: Real, *pieces: bytes, timeout: float = 60) -> socket.socket:
    """Send raw bytes to the server."""
    line = socket.create_connection(("127.0.0.1", real.port), timeout)
    for piece in pieces:
        line.sendall(piece)
    return line


def heard(line: socket.socket) -> bytes:
    """All that comes until the server hangs up."""
    told = b""
    with line, contextlib.suppress(ConnectionResetError):
        while piece := line.recv(65536):
            told += piece
    return told


def post(*headers: str, path: str = "/v1/assets") -> bytes:
    lines = (f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: image/png", *headers)
    return "\r\n".join([*lines, "", ""]).encode()


def test_a_length_that_is_too_large_is_refused_before_the_body(real: Real) -> None:
    line = say(real, post("Content-Length: 99000000", "Connection: close"))
    assert heard(line).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("length", ["-1", "1e3", "99999999999999999999", "1, 2", "abc"])
def test_a_length_that_is_none_is_refused(real: Real, length: str) -> None:
    line = say(real, post(f"Content-Length: {length}", "Connection: close"))
    assert heard(line)[:12] in (b"HTTP/1.1 400", b"HTTP/1.1 413")


def test_a_body_without_a_length_is_counted_while_it_comes(real: Real) -> None:
    before, chunk = real.memory(), b"%x\r\n" % 65536 + bytes(65536) + b"\r\n"
    with say(real, post("Transfer-Encoding: chunked"), b"8\r\n\x89PNG\r\n\x1a\n\r\n") as line:
        told, hung_up = b"", False
        line.settimeout(None)
        for _ in range(1000):
            with contextlib.suppress(BlockingIOError):
                told += line.recv(4096, socket.MSG_DONTWAIT)
            try:
                line.sendall(chunk)
            except ConnectionError:  # what is refused is not read for ever
                hung_up = True
                break
            time.sleep(0.02)
    assert told.startswith(b"HTTP/1.1 413 ") and hung_up
    assert real.memory() - before < 30 * MB


def test_headers_are_limited(client: TestClient, real: Real) -> None:
    many = {f"X-{n}": "a" for n in range(80)}
    assert client.get("/v1/jobs", headers=many).status_code == 431
    line = say(real, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: " + b"a" * 70_000)
    assert not heard(line).startswith(b"HTTP/1.1 2")


def test_parts_of_a_form_are_limited(client: TestClient, photo: bytes) -> None:
    files = [("contents", (f"{n}.jpg", photo)) for n in range(70)]
    fields = [(f"f{n}", (None, b"a")) for n in range(200)]
    large = [("style", (None, b"a" * 400_000))]
    for parts in (files, fields, large):
        response = client.post("/v1/batches", files=parts)
        assert response.status_code == 400, response.text
        assert response.json()["type"].endswith("/bad-request")


def test_slow_clients_are_left_and_others_are_answered(real: Real) -> None:
    """Slow loris: many lines that send a header or a body bit by bit, or nothing."""
    begun = time.monotonic()
    slow = [say(real, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ") for _ in range(30)]
    slow += [say(real) for _ in range(10)]
    slow += [say(real, post("Content-Length: 1000"), b"\x89PNG\r\n") for _ in range(10)]
    with real.client() as client:
        assert client.get("/healthz").status_code == 200
    assert time.monotonic() - begun < 60
    for line in slow:
        told = heard(line)  # ends: the server has hung up
        assert told == b"" or told.startswith((b"HTTP/1.1 408", b"HTTP/1.1 400"))


class Stuck:
    """An executor that never has time."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    def free(self, lane: Lane) -> int:
        return 0

    async def run(self, task: Task, on_event: Callable[[Event], None]) -> Outcome:
        raise AssertionError("nothing is free")

    def stop_task(self, id: str, *, finish: bool) -> None: ...


def test_a_full_queue_says_when_to_come_again(settings: ServerSettings, photo: bytes) -> None:
    app = create_app(replace(settings, queue=3), executor=Stuck())
    with TestClient(app, base_url="http://127.0.0.1") as client:
        answers = [
            client.post("/v1/stylizations", files={"content": photo}, data={"style": "great-wave"})
            for _ in range(5)
        ]
    assert [answer.status_code for answer in answers] == [201, 201, 201, 429, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert answers[-1].json()["type"].endswith("/queue-full")
