"""Events are numbered, kept for a while, and told to those who wait."""

import asyncio

from tests.serving.jobs.conftest import job

from impasto.serving.jobs.events import MOST, Bell
from impasto.serving.jobs.store import JobStore


def test_only_the_last_events_are_kept_and_numbers_go_on(store: JobStore) -> None:
    one = store.add(job())
    store.claim("short", "worker", 60)
    for step in range(2 * MOST):
        store.renew(one.id, 1, 60, {"step": step})
    events = store.events(one.id)
    assert len(events) < MOST + 100
    assert [event.seq for event in events] == list(range(events[0].seq, 2 * MOST + 3))
    assert events[-1].data == {"step": 2 * MOST - 1}
    assert store.events(one.id, after=events[-2].seq) == [events[-1]]


def test_a_bell_wakes_those_of_its_job_and_keeps_nobody() -> None:
    async def scenario() -> None:
        bell, woken = Bell(), []

        async def wait(job: str) -> None:
            with bell.waiting(job) as rung:
                await rung
                woken.append(job)

        waiting = [asyncio.create_task(wait(name)) for name in ("a", "a", "b", "c")]
        await asyncio.sleep(0)
        bell.ring("a")
        bell.ring("nobody waits for this")
        waiting[3].cancel()
        await asyncio.gather(*waiting[:2], waiting[3], return_exceptions=True)
        assert woken == ["a", "a"]
        bell.ring_all()
        await waiting[2]
        assert not bell._waiting

    asyncio.run(scenario())


def test_what_rings_while_one_looks_is_heard() -> None:
    async def scenario() -> None:
        bell = Bell()
        with bell.waiting("a") as rung:
            bell.ring("a")
            await asyncio.wait_for(rung, 1)

    asyncio.run(scenario())
