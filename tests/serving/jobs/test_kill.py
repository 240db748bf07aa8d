"""A server and its workers are killed at random moments: no job is lost, none is done twice."""

import contextlib
import io
import os
import random
import re
import signal
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image
from tests.serving.real import Real, start, wait_until_gone

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/task").is_dir(), reason="the processes of a server are found in /proc"
)
STYLES = ("great-wave", "starry-night", "wheat-field", "the-scream")
QUIET_S = 240.0  # seconds in which a server must answer, and a job must end


@dataclass
class Killed:
    """A server on one folder, which is killed and comes back; its clients ask until it answers."""

    folder: Path
    kills: Counter[str] = field(default_factory=Counter)
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=30))
    real: Real = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Start a server; clients find it."""
        self.real = start(self.folder, "--workers", "2", "--threads", "1")
        self.client.base_url = httpx.URL(self.real.url)

    def kill_server(self) -> None:
        """Kill the server; its workers must end by themselves. Start the next one."""
        orphans = self.real.workers()
        self.kills["server"] += 1
        self.real.kill()
        wait_until_gone(orphans)
        self.start()

    def ask_to_end(self) -> None:
        """Ask the server to end, as a service manager does, and start the next one."""
        self.kills["asked"] += 1
        assert self.real.end() == 0
        self.start()

    def kill_worker(self, chance: random.Random) -> None:
        """Kill one of the processes that paint."""
        if living := self.real.workers("paint"):
            with contextlib.suppress(ProcessLookupError):
                os.kill(chance.choice(living), signal.SIGKILL)
                self.kills["worker"] += 1

    def ask(self, method: str, path: str, **given: Any) -> httpx.Response:
        """Ask, again as long as nobody answers or the server says to come back."""
        deadline = time.monotonic() + QUIET_S
        while True:
            with contextlib.suppress(httpx.TransportError):
                answer = self.client.request(method, path, **given)
                if answer.status_code not in (429, 503):
                    return answer
            assert time.monotonic() < deadline, "nobody answers"
            time.sleep(0.05)

    def ended(self) -> int:
        """Return how many jobs have ended, also while the server is away."""
        with contextlib.closing(sqlite3.connect(self.folder / "jobs.sqlite")) as database:
            query = "SELECT count(*) FROM jobs WHERE ended IS NOT NULL"
            return int(database.execute(query).fetchone()[0])


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Killed]:
    """A server that runs."""
    killed = Killed(tmp_path / "server")
    yield killed
    killed.real.kill()
    killed.client.close()


def photo() -> bytes:
    """Return a picture, a PNG."""
    pixels = np.random.default_rng(0).integers(0, 255, (288, 384, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "png")
    return file.getvalue()


def send(server: Killed, jobs: int) -> None:
    """Send all jobs, each until it is taken."""
    kind = {"Content-Type": "image/png"}
    answer = server.ask("POST", "/v1/assets", content=photo(), headers=kind)
    assert answer.status_code in (200, 201), answer.text
    words = {"content": answer.json()["id"], "output": {"format": "png"}}
    for number in range(jobs):
        body = {**words, "style": STYLES[number % len(STYLES)]}
        answer = server.ask("PUT", f"/v1/stylizations/job-{number}", json=body)
        assert answer.status_code in (200, 201), answer.text


def kill_on_the_way(server: Killed, jobs: int, kills: int) -> dict[str, Any]:
    """Send jobs, and kill server and workers while they run; return all jobs at the end."""
    chance = random.Random(jobs)
    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(send, server, jobs)
        for number in range(kills):
            wait_for(server, jobs * (number + chance.random()) / kills)
            match number % 4:
                case 0 | 2:
                    server.kill_worker(chance)
                case 1:
                    server.kill_server()
                case 3:
                    server.ask_to_end()
        sent.result()
    wait_for(server, jobs)
    return {f"job-{n}": server.ask("GET", f"/v1/jobs/job-{n}").json() for n in range(jobs)}


def wait_for(server: Killed, goal: float) -> None:
    """Wait until so many jobs have ended."""
    seen, at = 0, time.monotonic()
    while (now := server.ended()) < goal:
        if now > seen:
            seen, at = now, time.monotonic()
        assert time.monotonic() - at < QUIET_S, f"{now} of {goal} jobs have ended"
        time.sleep(0.01)


def check(server: Killed, jobs: dict[str, Any]) -> Counter[int]:
    """Every job succeeded once, with one picture, the same one as all of its style.

    Returns how many jobs took how many attempts.
    """
    pictures: dict[str, set[str]] = {}
    attempts: Counter[int] = Counter()
    for id, job in jobs.items():
        assert job["state"] == "succeeded", job
        (output,) = job["outputs"]
        pictures.setdefault(str(job["request"]["style"]), set()).add(output["asset"])
        told = server.ask("GET", f"/v1/jobs/{id}/events").text
        assert told.count('"state":"succeeded"') == 1
        assert '"state":"failed"' not in told
        assert server.ask("GET", output["url"]).status_code == 200
        attempts[max(map(int, re.findall(r'"attempt":(\d+)', told)))] += 1
    assert [len(same) for same in pictures.values()] == [1] * len(STYLES)
    listed = server.ask("GET", "/v1/jobs", params={"limit": 500}).json()["jobs"]
    assert {job["id"] for job in listed} == jobs.keys()
    return attempts


def survive(server: Killed, capsys: pytest.CaptureFixture[str], jobs: int, kills: int) -> None:
    """Kill, check, and print the figures."""
    begun = time.monotonic()
    attempts = check(server, kill_on_the_way(server, jobs, kills))
    tries = ", ".join(f"{attempts[n]} at attempt {n}" for n in sorted(attempts))
    with capsys.disabled():
        sys.stdout.write(
            f"\n{jobs} jobs in {time.monotonic() - begun:.0f} s, the server killed "
            f"{server.kills['server']} times, asked to end {server.kills['asked']} times, a worker "
            f"killed {server.kills['worker']} times: "
            f"0 lost, 0 done twice; {tries}\n"
        )


def test_fifty_jobs_survive_kills(server: Killed, capsys: pytest.CaptureFixture[str]) -> None:
    survive(server, capsys, 50, kills=4)


@pytest.mark.soak
def test_five_hundred_jobs_survive_kills(
    server: Killed, capsys: pytest.CaptureFixture[str]
) -> None:
    survive(server, capsys, 500, kills=30)
