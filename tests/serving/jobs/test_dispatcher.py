"""Jobs reach workers at once and in their order, and end well however their workers end."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.serving.jobs.conftest import Opened, Puppet, job

from impasto.errors import OutputExists
from impasto.serving.jobs.dispatcher import Dispatcher
from impasto.serving.jobs.job import INTERACTIVE, Job
from impasto.serving.problems import Problem
from impasto.serving.workers.base import (
    Canceled,
    Event,
    Outcome,
    OutOfMemory,
    OutOfTime,
    Refused,
    Task,
    WorkerLost,
)

Tell = Callable[[Event], None]
PICTURE = b"a painting, as good as any"


async def paint(task: Task, tell: Tell) -> Outcome:
    """Leave one picture."""
    path = task.folder / "painting.png"
    path.write_bytes(PICTURE)
    return Outcome((path,), {"width": 8, "height": 6})


async def forever(task: Task, tell: Tell) -> Outcome:
    """Never end."""
    await asyncio.Event().wait()
    raise AssertionError


async def ended(dispatcher: Dispatcher, id: str) -> Job:
    """Wait for the end of a job."""
    done = await dispatcher.wait(id, 10)
    assert done is not None and done.ended is not None
    return done


async def begun(dispatcher: Dispatcher, id: str) -> None:
    """Wait until a worker has the job."""
    assert isinstance(dispatcher.executor, Puppet)
    while id not in dispatcher.executor.running:
        await asyncio.sleep(0)


def test_what_a_job_made_is_kept_as_its_owners_asset(opened: Opened) -> None:
    async def scenario() -> None:
        async with opened(paint) as dispatcher:
            one = dispatcher.store.add(job(owner="ann"))
            done = await ended(dispatcher, one.id)
            (output,) = done.outputs
            assert (done.state, output.name, output.media_type) == (
                "succeeded", "painting.png", "image/png",
            )  # fmt: skip
            assert (output.size, output.width, output.height) == (len(PICTURE), 8, 6)
            path = await dispatcher.assets.path(output.asset, "ann")
            assert path is not None and path.read_bytes() == PICTURE
            assert await dispatcher.assets.path(output.asset, "bob") is None
            assert [*dispatcher.folders.folder.glob("*/*")] == []

    asyncio.run(scenario())


def test_a_worker_gets_the_files_that_a_request_names(opened: Opened, tmp_path: Path) -> None:
    async def read(task: Task, tell: Tell) -> Outcome:
        return Outcome((), {id: path.read_text() for id, path in task.inputs.items()})

    async def scenario() -> None:
        async with opened(read) as dispatcher:
            file = tmp_path / "file"
            file.write_text("a photo")
            asset = await dispatcher.assets.add_file(file, "ann", "image/png")
            one = dispatcher.store.add(job(owner="ann", request={"content": asset.id}))
            assert (await ended(dispatcher, one.id)).facts == {asset.id: "a photo"}
            other = dispatcher.store.add(job(owner="bob", request={"content": asset.id}))
            problem = (await ended(dispatcher, other.id)).problem
            assert problem is not None and problem["type"].endswith("/unknown-asset")

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("error", "state", "name"),
    [
        (Refused(Problem("unknown-model").to_json()), "failed", "unknown-model"),
        (OutOfTime(), "failed", "out-of-time"),
        (OutOfMemory(), "failed", "out-of-memory"),
        (WorkerLost(), "failed", "worker-lost"),
        (Canceled(), "canceled", None),
        (KeyError("a secret"), "failed", "internal-error"),
    ],
)
def test_every_end_is_told_in_our_words(
    opened: Opened,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    state: str,
    name: str | None,
) -> None:
    async def fail(task: Task, tell: Tell) -> Outcome:
        raise error

    async def scenario() -> None:
        async with opened(fail) as dispatcher:
            done = await ended(dispatcher, dispatcher.store.add(job()).id)
            assert done.state == state
            assert (done.problem or {}).get("type", "").rpartition("/")[2] == (name or "")
            assert "secret" not in str(done)

    caplog.set_level(logging.CRITICAL)
    asyncio.run(scenario())


def test_a_lost_worker_is_followed_by_another(opened: Opened) -> None:
    attempts = []

    async def lose_twice(task: Task, tell: Tell) -> Outcome:
        attempts.append(list(task.folder.iterdir()))
        (task.folder / "half").touch()
        if len(attempts) < 3:
            raise WorkerLost
        return await paint(task, tell)

    async def scenario(lane: str) -> None:
        async with opened(lose_twice) as dispatcher:
            done = await ended(dispatcher, dispatcher.store.add(job(lane=lane)).id)
            assert (done.state, done.attempts, len(done.outputs)) == ("succeeded", 3, 1)

    asyncio.run(scenario("short"))
    assert attempts == [[], [], []]  # each begins anew
    attempts.clear()
    asyncio.run(scenario("long"))
    assert [len(found) for found in attempts] == [0, 1, 1]  # goes on with what is there


def test_cancelling_ends_the_work_that_runs(opened: Opened) -> None:
    async def scenario() -> None:
        async with opened(forever) as dispatcher:
            running, waiting = dispatcher.store.add(job()), dispatcher.store.add(job())
            await begun(dispatcher, running.id)
            for id in (waiting.id, running.id):
                dispatcher.cancel(id)
                assert (await ended(dispatcher, id)).state == "canceled"

    asyncio.run(scenario())


def test_cancelling_between_claim_and_work_begins_none(opened: Opened) -> None:
    async def scenario() -> None:
        async with opened(forever) as dispatcher:
            one = dispatcher.store.add(job())
            while (at := dispatcher.store.get(one.id)) is not None and at.state == "starting":
                await asyncio.sleep(0)
            dispatcher.cancel(one.id)
            assert (await ended(dispatcher, one.id)).state == "canceled"

    asyncio.run(scenario())


def test_finishing_reaches_the_worker_also_after_a_restart(opened: Opened) -> None:
    async def until_asked(task: Task, tell: Tell) -> Outcome:
        while task.id not in puppets[-1].finishing:
            await asyncio.sleep(0)
        return await paint(task, tell)

    puppets: list[Puppet] = []

    async def scenario() -> None:
        one = job(lane="long")
        async with opened(forever, patience_s=0) as dispatcher:
            dispatcher.store.add(one)
            await begun(dispatcher, one.id)
            dispatcher.finish(one.id)
        async with opened(until_asked) as dispatcher:
            assert isinstance(dispatcher.executor, Puppet)
            puppets.append(dispatcher.executor)
            done = await ended(dispatcher, one.id)
            assert (done.state, done.attempts) == ("succeeded", 2)

    asyncio.run(scenario())


def test_events_can_be_read_from_any_point_on(opened: Opened) -> None:
    async def speak(task: Task, tell: Tell) -> Outcome:
        preview = task.folder / "preview.jpg"
        preview.write_bytes(b"half a painting")
        tell(Event("progress", {"step": 1, "total": 2}))
        tell(Event("words", {"words": "going well"}))
        tell(Event("preview", {}, preview))
        previews.append(running[0].preview(task.id))
        return await paint(task, tell)

    previews: list[bytes | None] = []
    running: list[Dispatcher] = []

    async def scenario() -> None:
        async with opened(speak) as dispatcher:
            running.append(dispatcher)
            one = dispatcher.store.add(job())
            events = [event async for event in dispatcher.subscribe(one.id)]
            kinds = [event.kind for event in events]
            assert kinds == ["state", "state", "progress", "words", "state"]
            assert [event.seq for event in events] == [1, 2, 3, 4, 5]
            again = [event async for event in dispatcher.subscribe(one.id, after=3)]
            assert again == events[3:]
            assert previews == [b"half a painting"]
            assert dispatcher.preview(one.id) is None

    asyncio.run(scenario())


def test_no_more_begin_than_there_are_workers(opened: Opened) -> None:
    most = []

    async def count(task: Task, tell: Tell) -> Outcome:
        await asyncio.sleep(0)
        most.append(len(running[0].tasks))
        return await paint(task, tell)

    running: list[Puppet] = []

    async def scenario() -> None:
        async with opened(count, slots=3) as dispatcher:
            assert isinstance(dispatcher.executor, Puppet)
            running.append(dispatcher.executor)
            ids = [dispatcher.store.add(job()).id for _ in range(20)]
            for id in ids:
                await ended(dispatcher, id)

    asyncio.run(scenario())
    assert max(most) == 3


def test_who_waits_goes_before_who_does_not(opened: Opened) -> None:
    order = []

    async def note(task: Task, tell: Tell) -> Outcome:
        order.append(task.id)
        return await paint(task, tell)

    async def scenario() -> None:
        async with opened(note) as dispatcher:
            batch = dispatcher.store.add_batch(
                job("batch"), [job(priority=20, id=f"child-{n}") for n in range(5)]
            )
            dispatcher.store.add(job(id="urgent", priority=INTERACTIVE))
            assert (await ended(dispatcher, batch.id)).facts == {
                "succeeded": 5, "failed": 0, "canceled": 0,
            }  # fmt: skip

    asyncio.run(scenario())
    assert order[0] == "urgent"


def test_waiting_has_an_end(opened: Opened) -> None:
    async def scenario() -> None:
        async with opened(forever, patience_s=0) as dispatcher:
            one = dispatcher.store.add(job())
            waiting = asyncio.create_task(dispatcher.wait(one.id, 0.05))
            await asyncio.sleep(0)
            assert dispatcher.watched(one.id)
            still = await waiting
            assert still is not None and still.ended is None
            assert not dispatcher.watched(one.id)
            assert await dispatcher.wait("nothing", 1) is None

    asyncio.run(scenario())


def test_an_ending_server_finishes_what_is_short_and_leaves_the_rest(opened: Opened) -> None:
    go = asyncio.Event()

    async def work(task: Task, tell: Tell) -> Outcome:
        if task.lane == "short":
            await go.wait()
            return await paint(task, tell)
        return await forever(task, tell)

    async def scenario() -> None:
        short, later, long = job(), job(), job(lane="long")
        async with opened(work) as dispatcher:
            for one in (short, later, long):
                dispatcher.store.add(one)
            await begun(dispatcher, short.id)
            await begun(dispatcher, long.id)
            listening = asyncio.create_task(dispatcher.wait(long.id, 60))
            await asyncio.sleep(0)
            dispatcher.drain()
            await listening  # is sent away
            go.set()
        async with opened(paint) as dispatcher:
            states = [dispatcher.store.get(one.id) for one in (short, later, long)]
            assert [one.state if one else "" for one in states] == [
                "succeeded", "starting", "processing",
            ]  # fmt: skip
            for one in (later, long):
                assert (await ended(dispatcher, one.id)).state == "succeeded"

    asyncio.run(scenario())


def test_a_folder_has_one_server(opened: Opened) -> None:
    async def scenario() -> None:
        async with opened(paint):
            with pytest.raises(OutputExists, match="another process"):
                async with opened(paint):
                    pass

    asyncio.run(scenario())


def test_deleting_ends_the_work_and_takes_the_results_along(opened: Opened) -> None:
    async def scenario() -> None:
        async with opened(paint) as dispatcher:
            one, same = dispatcher.store.add(job()), dispatcher.store.add(job())
            done = await ended(dispatcher, one.id)
            await ended(dispatcher, same.id)
            assert await dispatcher.delete(one.id)
            assert not await dispatcher.delete(one.id)
            # The other job made the same picture.
            assert await dispatcher.assets.path(done.outputs[0].asset, "") is not None
            await dispatcher.delete(same.id)
            assert await dispatcher.assets.path(done.outputs[0].asset, "") is None
            assert isinstance(dispatcher.executor, Puppet)
            dispatcher.executor.act = forever
            running = dispatcher.store.add(job())
            await begun(dispatcher, running.id)
            assert await dispatcher.delete(running.id)
            assert dispatcher.executor.running == {}

    asyncio.run(scenario())


def test_changes_of_state_are_told(opened: Opened) -> None:
    states = []

    async def scenario() -> None:
        async with opened(paint, on_change=lambda one: states.append(one.state)) as dispatcher:
            await ended(dispatcher, dispatcher.store.add(job()).id)

    asyncio.run(scenario())
    assert states == ["starting", "processing", "succeeded"]


def test_an_error_of_the_disk_passes(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    errors = [sqlite3.OperationalError("database or disk is full")]

    async def scenario() -> None:
        async with opened(paint) as dispatcher:
            claim = dispatcher.store.claim

            def fail_first(*given: Any) -> Job | None:
                if errors:
                    raise errors.pop()
                return claim(*given)

            monkeypatch.setattr(dispatcher.store, "claim", fail_first)
            done = await ended(dispatcher, dispatcher.store.add(job()).id)
            assert done.state == "succeeded" and not errors

    monkeypatch.setattr("impasto.serving.jobs.dispatcher.RETRY", 0.0)
    caplog.set_level(logging.CRITICAL)
    asyncio.run(scenario())
