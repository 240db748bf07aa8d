"""The server listens on this machine's own address, and on no other without a token."""

import socket
import sys
from pathlib import Path

import pytest
from tests.serving.real import Real

from impasto.cli.app import main
from impasto.settings.server import ServerSettings


def test_it_listens_on_loopback_unless_told_otherwise() -> None:
    assert ServerSettings().host == "127.0.0.1"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have one loopback address")
def test_no_other_address_answers(real: Real) -> None:
    socket.create_connection(("127.0.0.1", real.port), 5).close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", real.port), 5)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_an_open_address_needs_a_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], host: str
) -> None:
    served: list[object] = []
    monkeypatch.setattr("impasto.serving.running.run", lambda app, *_, **more: served.append(app))
    command = ["serve", "--host", host, "--port", "0", "--folder", str(tmp_path)]
    monkeypatch.delenv("IMPASTO_TOKEN", raising=False)
    assert main(command) == 2 and not served
    assert "impasto tokens add" in capsys.readouterr().err
    monkeypatch.setenv("IMPASTO_TOKEN", "a-token-of-some-length")
    if host == "0.0.0.0":  # the others are no addresses of this machine, or not of each
        assert main(command) == 0 and served
