"""Processes are limited, killed, replaced, and gone with their server."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable

import pytest
from tests.serving.real import lives, wait_until_gone

from impasto.serving.workers import lane, pool
from impasto.serving.workers.base import Canceled, OutOfMemory, Refused, Task, WorkerLost
from impasto.serving.workers.pool import ProcessExecutor, best_share
from impasto.settings.server import ServerSettings

Make = Callable[..., Task]

SERVER = """
import asyncio
from impasto.serving.workers.limits import Limits
from impasto.serving.workers.process import Process

async def main():
    process = await Process.start("trouble", Limits(), {"device": "cpu", "threads": 1})
    task = {"id": "a", "kind": "trouble", "request": {"do": "hang"}, "inputs": {}, "folder": FOLDER}
    at_work = lambda event: print(process.pid, flush=True)
    await process.call("run", task, on_event=at_work)

asyncio.run(main())
"""


def run(case: Callable[[ProcessExecutor], Awaitable[None]], **settings: int) -> None:
    async def whole() -> None:
        known = ServerSettings(**{"workers": 1, "threads": 1, **settings})  # type: ignore[arg-type]
        executor = ProcessExecutor(known, role="trouble")
        await executor.start()
        try:
            async with asyncio.timeout(30):
                await case(executor)
        finally:
            await executor.stop()
        assert not executor.processes()

    asyncio.run(whole())


def test_a_crash_ends_one_task_and_its_process_is_replaced(make: Make) -> None:
    async def case(executor: ProcessExecutor) -> None:
        before = executor.processes()[0].pid
        with pytest.raises(WorkerLost):
            await executor.run(make("crash"), lambda event: None)
        while not executor.processes():
            await asyncio.sleep(0.01)
        outcome = await executor.run(make("ok"), lambda event: None)
        assert outcome.facts["pid"] != before
        assert executor.lost == 1 and executor.free("short") == 1

    run(case)


def test_a_killed_worker_is_lost_and_an_idle_one_is_not_missed(make: Make) -> None:
    async def case(executor: ProcessExecutor) -> None:
        with pytest.raises(WorkerLost):
            await executor.run(
                make("wait"), lambda event: os.kill(executor.processes()[0].pid, signal.SIGKILL)
            )
        first = await executor.run(make("ok"), lambda event: None)
        os.kill(first.facts["pid"], signal.SIGKILL)
        await asyncio.sleep(0.1)
        second = await executor.run(make("ok"), lambda event: None)
        assert second.facts["pid"] != first.facts["pid"]

    run(case)


def test_who_takes_more_memory_than_it_may_is_ended(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("impasto.serving.workers.process.LOOK_S", 0.02)

    async def case(executor: ProcessExecutor) -> None:
        with pytest.raises(OutOfMemory):
            await executor.run(make("hog"), lambda event: None)
        assert (await executor.run(make("ok"), lambda event: None)).files

    run(case, memory=200)


def test_a_process_that_has_grown_is_replaced(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lane, "GROWN", 0.001)

    async def case(executor: ProcessExecutor) -> None:
        first = await executor.run(make("ok"), lambda event: None)
        second = await executor.run(make("ok"), lambda event: None)
        assert first.facts["pid"] != second.facts["pid"]
        assert executor.lost == 0

    run(case)


def test_what_does_not_hear_that_it_is_canceled_is_ended(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "GRACE_S", 0.05)

    async def case(executor: ProcessExecutor) -> None:
        task = make("hang")
        with pytest.raises(Canceled):
            await executor.run(task, lambda event: executor.stop_task(task.id, finish=False))
        assert (await executor.run(make("ok"), lambda event: None)).files

    run(case)


def test_what_waits_for_a_process_can_be_stopped(make: Make) -> None:
    async def case(executor: ProcessExecutor) -> None:
        tasks = [make("wait") for _ in range(3)]
        first, second, third = (
            asyncio.create_task(executor.run(task, lambda event: None)) for task in tasks
        )
        await asyncio.sleep(0)
        executor.stop_task(tasks[1].id, finish=False)
        executor.stop_task(tasks[2].id, finish=True)
        executor.stop_task(tasks[0].id, finish=True)
        assert (await first).files
        with pytest.raises(Canceled):
            await second
        assert (await third).files[0].read_text() == "wait ['kept']"

    run(case)


def test_long_work_has_processes_while_there_is_some(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lane, "IDLE_S", 0.05)

    async def case(executor: ProcessExecutor) -> None:
        assert len(executor.processes()) == 1
        outcome = await executor.run(make("ok", lane="long"), lambda event: None)
        assert len(executor.processes()) == 2
        if hasattr(os, "getpriority"):
            assert os.getpriority(os.PRIO_PROCESS, outcome.facts["pid"]) >= pool.NICE
        while len(executor.processes()) > 1:
            await asyncio.sleep(0.01)

    run(case)


def test_two_workers_work_at_once(make: Make) -> None:
    async def case(executor: ProcessExecutor) -> None:
        assert executor.free("short") == 2
        seen: set[str] = set()
        both = asyncio.Event()

        async def wait() -> None:
            task = make("wait")

            def heard(event: object) -> None:
                seen.add(task.id)
                if len(seen) == 2:
                    both.set()
                if both.is_set():
                    executor.stop_task(task.id, finish=True)

            await executor.run(task, heard)

        await asyncio.gather(wait(), wait())
        assert executor.free("short") == 2

    run(case, workers=2)


def test_workers_do_not_know_what_the_server_knows(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMPASTO_TOKEN", "a secret")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a secret")

    async def case(executor: ProcessExecutor) -> None:
        names = (await executor.run(make("environment"), lambda event: None)).facts["names"]
        assert "PATH" in names
        assert not {"IMPASTO_TOKEN", "AWS_SECRET_ACCESS_KEY"} & set(names)

    run(case)


def test_workers_are_gone_with_their_server(make: Make) -> None:
    script = SERVER.replace("FOLDER", repr(str(make("hang").folder)))
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        worker = int(server.stdout.readline())
        assert lives(worker)
        server.kill()
        wait_until_gone([worker])


def test_the_best_share_takes_every_core() -> None:
    workers, threads = best_share(ServerSettings())
    assert workers >= 1 and threads >= 1
    assert best_share(ServerSettings(workers=3, threads=2)) == (3, 2)
    assert best_share(ServerSettings(device="cuda"))[0] == 1


def test_a_role_that_does_not_open_is_lost() -> None:
    async def whole() -> None:
        executor = ProcessExecutor(ServerSettings(workers=1), role="no_such_role")
        with pytest.raises(WorkerLost):
            await executor.start()
        await executor.stop()

    asyncio.run(whole())


def test_unknown_kinds_are_refused(make: Make) -> None:
    async def case(executor: ProcessExecutor) -> None:
        task = make("ok")
        with pytest.raises(Refused):
            await executor.run(Task(**{**vars(task), "kind": "os"}), lambda event: None)

    run(case)
