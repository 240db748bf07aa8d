"""A real server: a process of its own on a free port, started as a user starts it."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

ENDS_S = 60.0  # seconds that a server has to end politely


@dataclass
class Real:
    """A server that runs."""

    url: str
    folder: Path
    process: subprocess.Popen[str]

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.url.rpartition(":")[2])

    def client(self) -> httpx.Client:
        """A client of it, which waits long enough on a busy machine."""
        return httpx.Client(base_url=self.url, timeout=120)

    def memory(self) -> int:
        """Bytes of memory that the server's own process uses."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return 1024 * int(status.partition("VmRSS:")[2].split()[0])

    def workers(self, role: str = "") -> list[int]:
        """The numbers of its worker processes, all or those of a role."""
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        children = [int(pid) for task in tasks for pid in _told(task).split()]
        wanted = role.encode()
        return [
            pid
            for pid in children
            if not role or wanted in _told(Path(f"/proc/{pid}/cmdline")).split(b"\0")
        ]

    def end(self) -> int:
        """End it as a service manager does; return its exit code."""
        self.process.terminate()
        try:
            return self.process.wait(ENDS_S)
        finally:
            self.kill()

    def kill(self) -> None:
        """Leave it no time to do anything."""
        assert self.process.stdout is not None
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def start(folder: Path, *options: str, program: str = "", **variables: str) -> Real:
    """Start a server on a free port of this machine and wait until it says where it is.

    What it logs is in the file ``log`` beside its folder. A `program` is run in place of impasto.
    """
    code = ["-c", program] if program else ["-m", "impasto"]
    command = [sys.executable, *code, "serve", "--port", "0", "--folder", str(folder), *options]
    log = folder.with_name("log")
    with log.open("a") as file:
        process = subprocess.Popen(
            command, env=os.environ | variables, stdout=subprocess.PIPE, stderr=file, text=True
        )
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"http://[\d.]+:\d+", line):
            return Real(found[0], folder, process)
    process.stdout.close()
    raise AssertionError(f"the server ended with {process.wait()}:\n{log.read_text()}")


@contextmanager
def started(*given: Any, **more: Any) -> Iterator[Real]:
    """Run a server, see `start`, until the end of the block."""
    server = start(*given, **more)
    try:
        yield server
    finally:
        server.end()


def lives(pid: int) -> bool:
    """Tell whether a process is there, and not only its entry until somebody asks how it ended."""
    return _told(Path(f"/proc/{pid}/stat")).rpartition(b")")[2].split()[:1] not in ([], [b"Z"])


def wait_until_gone(pids: Iterable[int]) -> None:
    """Wait until processes have ended by themselves."""
    ends = time.monotonic() + ENDS_S
    while any(map(lives, pids)):
        assert time.monotonic() < ends, "workers outlive their server"
        time.sleep(0.02)


def _told(path: Path) -> bytes:
    """Return what the system tells of a process: nothing once it has ended."""
    with suppress(OSError):
        return path.read_bytes()
    return b""
