"""A real server process: how it starts, refuses, and ends."""

import json
import logging
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from tests.serving.real import started

from impasto.errors import UsageError
from impasto.serving.running import Json, address, listening


def test_a_server_answers_logs_and_ends_politely(tmp_path: Path) -> None:
    with started(tmp_path / "server", "--log") as server:
        with urllib.request.urlopen(f"{server.url}/healthz?secret=1") as answer:
            assert answer.status == 200 and "server" not in answer.headers
        with urllib.request.urlopen(f"{server.url}/") as page:
            assert b"<!doctype html>" in page.read().lower()
        with socket.create_connection(("127.0.0.1", server.port)) as slow:
            slow.sendall(b"GET / HTTP/1.1\r\nX: " + b"a" * 100_000)  # headers that never end
            assert b" 400 " in slow.recv(100)
        second = [sys.executable, "-m", "impasto", "serve", "--port", "0", "--folder"]
        refused = subprocess.run(
            [*second, str(tmp_path / "server")], capture_output=True, text=True, check=False
        )
        assert refused.returncode == 4 and "is at work in another process" in refused.stderr
        assert server.end() == 0
    log = (tmp_path / "log").read_text()
    lines = [json.loads(line) for line in log.splitlines()]
    assert {"method": "GET", "path": "/healthz", "status": 200}.items() <= lines[0].items()
    assert "secret" not in log


def test_no_server_is_public_without_a_token(tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if key != "IMPASTO_TOKEN"}
    command = [sys.executable, "-m", "impasto", "serve", "--host", "0.0.0.0", "--port", "0"]
    refused = subprocess.run(
        [*command, "--folder", str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 2
    assert "Make a token that they need: impasto tokens add NAME" in refused.stderr


def test_a_port_that_is_taken_is_told() -> None:
    with listening("127.0.0.1", 0) as door:
        port = door.getsockname()[1]
        with (
            pytest.raises(UsageError, match=f"port {port}.*--port 0 takes any"),
            listening("127.0.0.1", port),
        ):
            pass


def test_the_address_is_what_a_browser_opens() -> None:
    assert address("::", 80) == "http://127.0.0.1:80"
    assert address("10.0.0.1", 80) == "http://10.0.0.1:80"


def test_a_log_line_is_json() -> None:
    record = logging.makeLogRecord(
        {"msg": 'a "b"', "levelname": "INFO", "created": time.time(), "facts": {"job": "x"}}
    )
    told = json.loads(Json().format(record))
    assert (told["event"], told["level"], told["job"]) == ('a "b"', "info", "x")


def test_small_parts_of_an_answer_do_not_wait_for_each_other() -> None:
    with listening("127.0.0.1", 0) as door:
        with socket.create_connection(door.getsockname()):
            accepted, _ = door.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
