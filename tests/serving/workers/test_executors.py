"""What both executors promise."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from impasto.serving.workers.base import (
    Canceled,
    Event,
    Executor,
    OutOfMemory,
    OutOfTime,
    Refused,
    Task,
)
from impasto.serving.workers.inline import InlineExecutor
from impasto.serving.workers.pool import ProcessExecutor
from impasto.settings.server import ServerSettings

Make = Callable[..., Task]
Case = Callable[[Executor], Awaitable[None]]


@pytest.fixture(params=["inline", "processes"])
def on_each(request: pytest.FixtureRequest) -> Callable[[Case], None]:
    """Run a case with a started executor of either kind."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Executor]:
        executor: Executor = InlineExecutor()
        if request.param == "processes":
            executor = ProcessExecutor(ServerSettings(workers=1, threads=1), role="trouble")
        await executor.start()
        try:
            yield executor
        finally:
            await executor.stop()

    def run(case: Case) -> None:
        async def whole() -> None:
            async with opened() as executor, asyncio.timeout(30):
                await case(executor)

        asyncio.run(whole())

    return run


def test_a_task_leaves_files_and_facts(on_each: Callable[[Case], None], make: Make) -> None:
    async def case(executor: Executor) -> None:
        task = make("ok")
        assert executor.free("short") == 1
        working = asyncio.create_task(executor.run(task, lambda event: None))
        await asyncio.sleep(0)
        assert executor.free("short") == 0
        outcome = await working
        assert executor.free("short") == 1
        assert outcome.files == (task.folder / "made.txt",)
        assert outcome.files[0].read_text() == "ok []"

    on_each(case)


def test_progress_comes_in_order_and_before_the_end(
    on_each: Callable[[Case], None], make: Make
) -> None:
    async def case(executor: Executor) -> None:
        events: list[Event] = []
        await executor.run(make("ok", number=20), events.append)
        assert [event.values["step"] for event in events] == list(range(1, 21))
        assert events[0].values["values"] == {"loss": 1.5}

    on_each(case)


def test_errors_are_told_as_problems_and_nothing_else_is(
    on_each: Callable[[Case], None], make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    async def case(executor: Executor) -> None:
        with pytest.raises(Refused) as refused:
            await executor.run(make("refuse"), lambda event: None)
        assert refused.value.problem["status"] == 422
        assert refused.value.problem["detail"] == "strength must be at most 2, got 3"
        with pytest.raises(Refused) as broken:
            await executor.run(make("bug"), lambda event: None)
        assert broken.value.problem["status"] == 500
        assert "secret" not in str(dict(broken.value.problem))
        assert (await executor.run(make("ok"), lambda event: None)).files

    on_each(case)


def test_what_is_canceled_ends(on_each: Callable[[Case], None], make: Make) -> None:
    async def case(executor: Executor) -> None:
        task = make("wait")
        with pytest.raises(Canceled):
            await executor.run(task, lambda event: executor.stop_task(task.id, finish=False))
        assert (await executor.run(make("ok"), lambda event: None)).files
        executor.stop_task("nobody", finish=False)

    on_each(case)


def test_what_is_finished_keeps_what_is_there(on_each: Callable[[Case], None], make: Make) -> None:
    async def case(executor: Executor) -> None:
        task = make("wait")
        outcome = await executor.run(task, lambda event: executor.stop_task(task.id, finish=True))
        assert outcome.files[0].read_text() == "wait ['kept']"

    on_each(case)


def test_a_task_has_so_much_time(on_each: Callable[[Case], None], make: Make) -> None:
    async def case(executor: Executor) -> None:
        with pytest.raises(OutOfTime):
            await executor.run(make("wait", limit_s=0.3), lambda event: None)
        assert (await executor.run(make("ok"), lambda event: None)).files

    on_each(case)


def test_a_leap_in_memory_ends_a_task_alone(on_each: Callable[[Case], None], make: Make) -> None:
    async def case(executor: Executor) -> None:
        with pytest.raises(OutOfMemory):
            await executor.run(make("leap"), lambda event: None)
        assert (await executor.run(make("ok"), lambda event: None)).files

    on_each(case)


def test_lanes_do_not_wait_for_each_other(on_each: Callable[[Case], None], make: Make) -> None:
    async def case(executor: Executor) -> None:
        long: Any = make("wait", lane="long")
        begun = asyncio.Event()
        working = asyncio.create_task(executor.run(long, lambda event: begun.set()))
        await begun.wait()
        assert executor.free("long") == 0 and executor.free("short") == 1
        assert (await executor.run(make("ok"), lambda event: None)).files
        executor.stop_task(long.id, finish=True)
        assert (await working).files

    on_each(case)
