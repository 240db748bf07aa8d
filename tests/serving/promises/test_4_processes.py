"""Files are looked at and painted in processes of their own, with limits, which may be killed."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from starlette.testclient import TestClient
from tests.serving.real import Real

from impasto.serving.app import create_app
from impasto.settings.server import ServerSettings

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def painted(client: Any, photo: bytes) -> int:
    form = {"files": {"content": photo}, "data": {"style": "great-wave"}}
    wait = {"Prefer": "wait=60"}
    return int(client.post("/v1/stylizations", headers=wait, **form).status_code)


def limits(pid: int) -> dict[str, str]:
    """The soft limits of a process by name."""
    lines = Path(f"/proc/{pid}/limits").read_text().splitlines()[1:]
    return {line[:26].strip(): line[26:46].strip() for line in lines}


def test_the_server_itself_decodes_nothing(
    tmp_path: Path, photo: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything works where the server's own process can open no picture and no network."""

    def refuse(*given: object, **more: object) -> Any:
        raise AssertionError("the server opened it itself")

    monkeypatch.setattr(Image, "open", refuse)
    monkeypatch.setattr("impasto.methods.fast.FastStylizer.open", refuse)
    settings = ServerSettings(folder=tmp_path / "server", workers=1, threads=1)
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        assert painted(client, photo) == 200


def test_workers_have_limits(real: Real, photo: bytes) -> None:
    with real.client() as client:
        assert painted(client, photo) == 200
    (reader,) = real.workers("read")
    (painter,) = real.workers("paint")
    for pid in (reader, painter):
        assert limits(pid)["Max address space"] != "unlimited"
        assert limits(pid)["Max core file size"] == "0"
    assert int(limits(reader)["Max address space"]) < int(limits(painter)["Max address space"])


def test_a_worker_knows_no_secrets(real: Real) -> None:
    names = {
        line.partition(b"=")[0]
        for pid in real.workers("paint")
        for line in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    }
    assert names and not any(b"TOKEN" in name or name.startswith(b"AWS_") for name in names)


def test_killing_every_worker_harms_no_later_picture(real: Real, photo: bytes) -> None:
    with real.client() as client:
        for role in ("read", "paint"):
            assert painted(client, photo) == 200
            for pid in real.workers(role):
                os.kill(pid, signal.SIGKILL)
            assert painted(client, photo + role.encode()) == 200
        assert client.get("/readyz").status_code == 200
