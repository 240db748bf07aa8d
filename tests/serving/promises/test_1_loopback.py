"""The server listens on this machine's own address, and on no other without a token."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from tests.serving.promises.conftest import Real, started

from impasto.settings.server import ServerSettings


def test_it_listens_on_loopback_unless_told_otherwise() -> None:
    assert ServerSettings().host == "127.0.0.1"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have one loopback address")
def test_no_other_address_answers(real: Real) -> None:
    socket.create_connection(("127.0.0.1", real.port), 5).close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", real.port), 5)


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_an_open_address_without_a_token_is_refused(tmp_path: Path, host: str) -> None:
    command = [sys.executable, "-m", "impasto", "serve", "--folder", str(tmp_path), "--port", "0"]
    done = subprocess.run(
        command, env=os.environ | {"IMPASTO_HOST": host}, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2
    assert "impasto tokens add" in done.stderr and "Traceback" not in done.stderr


def test_an_open_address_with_a_token_asks_for_it(tmp_path: Path) -> None:
    token = "a-token-of-some-length"
    options = ("--host", "0.0.0.0")
    with started(tmp_path, *options, IMPASTO_TOKEN=token) as server, server.client() as client:
        assert client.get("/healthz").status_code == 200
        assert client.get("/v1/jobs").status_code == 401
        right = {"Authorization": f"Bearer {token}"}
        assert client.get("/v1/jobs", headers=right).status_code == 200
