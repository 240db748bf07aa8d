"""A real server in a process of its own, in a hurry: slow clients are left after two seconds."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from impasto.serving.app import create_app
from impasto.serving.workers.inline import InlineExecutor
from impasto.settings.server import ServerSettings

PATIENCE_S = 2.0
PATIENT = "import sys; from impasto.__main__ import run; sys.argv[0] = 'impasto'; run()"
HASTY = f"""
import sys
from impasto.serving import running
from impasto.serving.guards.bodies import LimitBodies
running.HEADERS_S = {PATIENCE_S}
LimitBodies.__init__.__defaults__ = ({PATIENCE_S},)
from impasto.__main__ import run
sys.argv[0] = "impasto"
run()
"""


@dataclass
class Real:
    """A server that runs."""

    port: int
    folder: Path
    process: subprocess.Popen[str]

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def client(self, **options: object) -> httpx.Client:
        """A client of it, which waits long enough on a busy machine."""
        return httpx.Client(base_url=self.url, timeout=120, **options)  # type: ignore[arg-type]

    def memory(self) -> int:
        """Bytes of memory that the server's own process uses."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return 1024 * int(status.partition("VmRSS:")[2].split()[0])

    def workers(self, role: str) -> list[int]:
        """The numbers of its worker processes of a role."""
        found = []
        for pid in map(int, filter(str.isdigit, os.listdir("/proc"))):
            try:
                parent = re.search(r"PPid:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
                words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            except OSError:
                continue  # it ended just now
            if parent and int(parent[1]) == self.process.pid and role.encode() in words:
                found.append(pid)
        return found


@contextmanager
def started(folder: Path, *options: str, code: str = HASTY, **variables: str) -> Iterator[Real]:
    """Run a server until the end of the block."""
    command = [sys.executable, "-c", code, "serve", "--port", "0", "--folder", str(folder)]
    process = subprocess.Popen(
        [*command, "--workers", "1", "--threads", "1", *options],
        env=os.environ | variables,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        first = process.stdout.readline()
        port = re.search(r":(\d+)/", first)
        assert port, f"the server did not start: {first}"
        yield Real(int(port[1]), folder, process)
    finally:
        process.terminate()
        process.wait(60)
        process.stdout.close()


@pytest.fixture(scope="session")
def real(own_folders: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    """The one real server of these tests; a body has at most 2 MB."""
    with started(tmp_path_factory.mktemp("real") / "server", "--max-body", "2") as server:
        yield server


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the one application, in a folder of its own."""
    return tmp_path_factory.mktemp("shared") / "server"


@pytest.fixture(scope="session")
def shared(own_folders: None, shared_folder: Path) -> Iterator[TestClient]:
    """A client of one application for many tests: what one of them breaks, the next notices."""
    app = create_app(ServerSettings(folder=shared_folder), executor=InlineExecutor())
    with TestClient(app, base_url="http://127.0.0.1") as asking:
        yield asking
