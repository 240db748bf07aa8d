import asyncio
import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.serving.outside import Place, http, outside

from impasto.errors import UsageError
from impasto.serving.fetch import Outside
from impasto.serving.jobs.job import Job
from impasto.serving.jobs.store import JobStore
from impasto.serving.problems import Problem
from impasto.serving.webhooks import LATER_S, Webhooks, check, signed

SECRET = "whsec_" + base64.b64encode(b"a secret of 24 bytes....").decode()
NOW = 1_800_000_000.0


class Clock:
    """A time that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[JobStore]:
    store = JobStore(tmp_path / "jobs.sqlite")
    yield store
    store.close()


def webhooks(store: JobStore, clock: Clock, door: Outside | None = None) -> Webhooks:
    return Webhooks(store.database, store.get, lambda owner: SECRET, door or Outside(), clock)


def finish(store: JobStore, url: str, **webhook: Any) -> Job:
    store.add(Job("j1", "stylization", {}, "ann", webhook={"url": url, **webhook}))
    job = store.claim("short", "w", 60)
    assert job
    store.succeed("j1", job.attempts, (), {})
    return job


def told(place: Place) -> list[str]:
    return [json.loads(asked.partition(b"\r\n\r\n")[2])["type"] for asked in place.asked]


def test_the_signature_is_that_of_standard_webhooks() -> None:
    """The example of the specification's libraries."""
    headers = signed(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_an_address_is_told_once_that_a_job_ended(store: JobStore, clock: Clock) -> None:
    async def story() -> None:
        async with outside(http(200)) as place:
            sender = webhooks(store, clock, place.door())
            finish(store, place.url("/hook"))
            assert await sender.send_due() == 1 and await sender.send_due() == 0
            head, _, body = place.asked[0].partition(b"\r\n\r\n")
            lines = dict(line.split(": ") for line in head.decode().split("\r\n")[1:])
            id, seconds = lines["webhook-id"], int(lines["webhook-timestamp"])
            assert seconds == NOW
            assert (
                lines["webhook-signature"] == signed(SECRET, id, seconds, body)["webhook-signature"]
            )
            message = json.loads(body)
            assert message["type"] == "job.succeeded"
            assert message["data"]["id"] == "j1" and message["data"]["state"] == "succeeded"

    asyncio.run(story())


def test_only_events_that_were_asked_for_are_told(store: JobStore, clock: Clock) -> None:
    async def story() -> None:
        async with outside(http(200)) as place:
            sender = webhooks(store, clock, place.door())
            finish(store, place.url(), events=["started", "failed"])
            await sender.send_due()
            assert told(place) == ["job.started"]

    asyncio.run(story())


def test_who_does_not_answer_well_is_asked_again_also_after_a_restart(
    store: JobStore, clock: Clock
) -> None:
    async def story() -> None:
        async with outside(http(500), http(302, location="/b"), http(200)) as place:
            sender = webhooks(store, clock, place.door())
            finish(store, place.url())
            await sender.send_due()
            assert await sender.send_due() == 0
            clock.now += LATER_S[0]
            await sender.send_due()
            clock.now += LATER_S[1]
            await webhooks(store, clock, place.door()).send_due()
            assert len(place.asked) == 3
            ids = {asked.partition(b"webhook-id: ")[2].split()[0] for asked in place.asked}
            assert len(ids) == 1  # so that who heard it twice can tell
            clock.now += 10 * LATER_S[-1]
            assert await sender.send_due() == 0

    asyncio.run(story())


@pytest.mark.parametrize(("status", "tries"), [(410, 1), (500, 1 + len(LATER_S))])
def test_it_ends(store: JobStore, clock: Clock, status: int, tries: int) -> None:
    async def story() -> None:
        async with outside(http(status)) as place:
            sender = webhooks(store, clock, place.door())
            finish(store, place.url())
            while await sender.send_due():
                clock.now += LATER_S[-1]
            assert len(place.asked) == tries

    asyncio.run(story())


def test_private_addresses_are_not_told(store: JobStore, clock: Clock) -> None:
    async def story() -> None:
        async with outside(http(200)) as place:
            sender = webhooks(store, clock)
            finish(store, f"https://127.0.0.1:{place.port}/")
            assert await sender.send_due() == 1
            assert not place.asked

    asyncio.run(story())


def test_a_job_that_is_deleted_is_not_told(store: JobStore, clock: Clock) -> None:
    async def story() -> None:
        sender = webhooks(store, clock)
        finish(store, "https://example.org/")
        store.delete("j1")
        assert await sender.send_due() == 0

    asyncio.run(story())


def test_it_sends_as_soon_as_it_is_woken(store: JobStore, clock: Clock) -> None:
    async def story() -> None:
        async with outside(http(200)) as place:
            sender = webhooks(store, clock, place.door())
            running = asyncio.create_task(sender.run())
            await asyncio.sleep(0)
            finish(store, place.url())
            sender.wake()
            async with asyncio.timeout(10):
                while not place.asked:
                    await asyncio.sleep(0.01)
            running.cancel()

    asyncio.run(story())


def test_the_address_of_a_webhook_is_checked_when_it_comes() -> None:
    check({"url": "https://example.org/hook"}, True)
    with pytest.raises(Problem, match="--fetch"):
        check({"url": "https://example.org/hook"}, False)
    with pytest.raises(UsageError):
        check({"url": "https://localhost/hook"}, True)
