"""Jobs are taken once, go in their order, end once, and are forgotten in time."""

from pathlib import Path

import pytest
from tests.serving.jobs.conftest import Clock, job

from impasto.serving.jobs.job import BATCH, INTERACTIVE, Output
from impasto.serving.jobs.refusals import IdTaken, KeyReused, QueueFull
from impasto.serving.jobs.store import ATTEMPTS, LOSSES, JobStore

OUTPUT = Output("painting.jpg", "a" * 64, "image/jpeg", 1000, 8, 8)


def claimed(store: JobStore) -> list[str]:
    """Return the ids of all waiting short jobs, in the order in which they would begin."""
    ids = []
    while (one := store.claim("short", "worker", 60)) is not None:
        ids.append(one.id)
    return ids


def test_a_job_comes_back_as_it_went_in(store: JobStore, tmp_path: Path) -> None:
    webhook = {"url": "https://example.org", "events": ["completed"]}
    went = job(request={"style": ["great-wave:0.5"]}, owner="ann", priority=3, webhook=webhook)
    store.add(went)
    came = JobStore(tmp_path / "jobs.sqlite").get(went.id)
    assert came is not None
    assert came.created == 1_000_000
    assert (came.request, came.owner, came.priority, came.webhook, came.state) == (
        {"style": ["great-wave:0.5"]}, "ann", 3, webhook, "starting",
    )  # fmt: skip


def test_other_owners_see_no_job(store: JobStore) -> None:
    one = store.add(job(owner="ann"))
    assert store.get(one.id, "ann") == one
    assert store.get(one.id, "bob") is None
    assert store.get("nothing") is None
    assert [j.id for j in store.list("ann")] == [one.id]
    assert store.list("bob") == []


def test_the_same_key_and_body_are_the_same_job(store: JobStore, clock: Clock) -> None:
    first = store.add(job(), key="k", body_hash="a")
    assert store.add(job(), key="k", body_hash="a") == first
    assert store.add(job(owner="bob"), key="k", body_hash="b").id != first.id
    with pytest.raises(KeyReused):
        store.add(job(), key="k", body_hash="b")
    clock.now += 24 * 3600 + 1
    assert store.add(job(), key="k", body_hash="b").id != first.id


def test_the_same_id_and_body_are_the_same_job(store: JobStore) -> None:
    first = store.add(job(id="mine"), body_hash="a")
    assert store.add(job(id="mine"), body_hash="a") == first
    with pytest.raises(IdTaken):
        store.add(job(id="mine"), body_hash="b")
    with pytest.raises(IdTaken):
        store.add(job(id="mine", owner="bob"), body_hash="a")


def test_a_full_queue_tells_by_its_pace_when_to_come_back(store: JobStore, clock: Clock) -> None:
    for _ in range(10):
        store.add(job())
    with pytest.raises(QueueFull):
        store.add(job())
    for _ in range(2):
        one = store.claim("short", "worker", 60)
        assert one is not None
        store.succeed(one.id, 1, [], {})
        store.add(job())
    with pytest.raises(QueueFull) as full:
        store.add(job())
    assert full.value.retry_after_s == 30  # two in the last minute


def test_what_is_waited_for_goes_first_and_a_batch_last(store: JobStore) -> None:
    order = [store.add(job(priority=p)).id for p in (BATCH, 10, INTERACTIVE, 10)]
    assert claimed(store) == [order[2], order[1], order[3], order[0]]


def test_owners_take_turns(store: JobStore) -> None:
    ann = [store.add(job(owner="ann")).id for _ in range(4)]
    bob = [store.add(job(owner="bob")).id for _ in range(2)]
    assert claimed(store) == [ann[0], bob[0], ann[1], bob[1], ann[2], ann[3]]


def test_who_comes_later_has_no_arrears(store: JobStore) -> None:
    ann = [store.add(job(owner="ann")).id for _ in range(5)]
    for _ in range(3):
        store.claim("short", "worker", 60)
    bob = [store.add(job(owner="bob")).id for _ in range(2)]
    assert claimed(store) == [ann[3], bob[0], ann[4], bob[1]]


def test_long_jobs_do_not_stand_in_the_way_of_short_ones(store: JobStore) -> None:
    store.add(job(lane="long"))
    short = store.add(job())
    assert claimed(store) == [short.id]


def test_late_words_of_an_older_attempt_change_nothing(store: JobStore, clock: Clock) -> None:
    one = store.add(job())
    store.claim("short", "first", 60)
    clock.now += 61
    store.requeue_expired()
    assert not store.succeed(one.id, 1, [OUTPUT], {})
    store.claim("short", "second", 60)
    assert not store.renew(one.id, 1, 60, {"step": 1})
    assert not store.fail(one.id, 1, {"title": "no"})
    assert not store.cancel(one.id, 1)
    store.lose(one.id, 1)
    assert store.succeed(one.id, 2, [OUTPUT], {"seconds": 1})
    assert not store.succeed(one.id, 2, [], {})
    done = store.get(one.id)
    assert done is not None
    assert (done.state, done.outputs, done.facts) == ("succeeded", (OUTPUT,), {"seconds": 1})
    assert [e.data["state"] for e in store.events(one.id)].count("succeeded") == 1


def test_a_renewed_lease_does_not_expire(store: JobStore, clock: Clock) -> None:
    one = store.add(job())
    store.claim("short", "worker", 60)
    for _ in range(5):
        clock.now += 50
        assert store.renew(one.id, 1, 60)
        store.requeue_expired()
    assert store.waiting()["short"] == 0


def test_a_job_that_takes_its_workers_along_fails(store: JobStore) -> None:
    one = store.add(job())
    for attempt in range(1, LOSSES + 1):
        assert store.claim("short", "worker", 60) is not None
        store.lose(one.id, attempt)
    done = store.get(one.id)
    assert done is not None and done.problem is not None
    assert (done.state, done.attempts) == ("failed", LOSSES)
    assert done.problem["type"].endswith("/worker-lost")


def test_restarts_of_the_server_are_no_losses_but_have_an_end(store: JobStore) -> None:
    one = store.add(job())
    for attempt in range(1, ATTEMPTS + 1):
        taken = store.claim("short", "worker", 60)
        assert taken is not None and taken.attempts == attempt
        store.void_leases()
    assert store.claim("short", "worker", 60) is None
    done = store.get(one.id)
    assert done is not None and done.state == "failed"


def test_a_job_that_waits_is_canceled_at_once(store: JobStore) -> None:
    one, two = store.add(job()), store.add(job())
    for id, wish in ((one.id, "cancel"), (two.id, "finish")):
        stopped = store.ask_to_stop(id, wish)  # type: ignore[arg-type]
        assert stopped is not None and stopped.state == "canceled"
    assert claimed(store) == []


def test_what_was_canceled_does_not_succeed_any_more(store: JobStore) -> None:
    one = store.add(job())
    store.claim("short", "worker", 60)
    asked = store.ask_to_stop(one.id, "cancel")
    assert asked is not None and (asked.state, asked.stop) == ("processing", "cancel")
    assert store.succeed(one.id, 1, [OUTPUT], {})
    done = store.get(one.id)
    assert done is not None and (done.state, done.outputs) == ("canceled", ())


def test_a_wish_to_cancel_outlives_the_server(store: JobStore) -> None:
    one = store.add(job())
    store.claim("short", "worker", 60)
    store.ask_to_stop(one.id, "cancel")
    store.void_leases()
    done = store.get(one.id)
    assert done is not None and done.state == "canceled"


def test_a_batch_ends_with_its_last_child(store: JobStore) -> None:
    batch = store.add_batch(job("batch"), [job(), job(), job()])
    assert batch.state == "starting"
    children = claimed(store)
    assert len(children) == 3
    store.succeed(children[0], 1, [], {})
    store.fail(children[1], 1, {"title": "no"})
    half = store.get(batch.id)
    assert half is not None and half.progress is not None and half.state == "processing"
    assert (half.progress["step"], half.progress["total"]) == (2, 3)
    store.succeed(children[2], 1, [], {})
    done = store.get(batch.id)
    assert done is not None and done.state == "succeeded"
    assert done.facts == {"succeeded": 2, "failed": 1, "canceled": 0}


def test_a_batch_without_success_fails(store: JobStore) -> None:
    batch = store.add_batch(job("batch"), [job(), job()])
    for child in claimed(store):
        store.fail(child, 1, {"title": "no"})
    done = store.get(batch.id)
    assert done is not None and done.state == "failed" and done.problem is not None


def test_finishing_a_batch_keeps_what_is_begun(store: JobStore) -> None:
    batch = store.add_batch(job("batch"), [job(), job(), job()])
    first = store.claim("short", "worker", 60)
    assert first is not None
    store.ask_to_stop(batch.id, "finish")
    assert claimed(store) == []
    store.succeed(first.id, 1, [], {})
    done = store.get(batch.id)
    assert done is not None and done.facts == {"succeeded": 1, "failed": 0, "canceled": 2}
    assert done.state == "succeeded"


def test_a_batch_is_taken_whole_or_not_at_all(store: JobStore) -> None:
    with pytest.raises(QueueFull):
        store.add_batch(job("batch"), [job() for _ in range(11)])
    assert store.list() == []


def test_pages_of_a_list_miss_nothing(store: JobStore) -> None:
    ids = [store.add(job(kind="sheet" if n % 2 else "stylization")).id for n in range(9)]
    seen: list[str] = []
    while page := store.list("", limit=4, after=seen[-1] if seen else None):
        seen += [one.id for one in page]
    assert seen == ids[::-1]
    assert [one.id for one in store.list(kind="sheet", state="starting")] == ids[1::2][::-1]


def test_deleting_forgets_a_job_its_children_and_its_key(store: JobStore) -> None:
    batch = store.add_batch(job("batch"), [job(), job()], key="k", body_hash="a")
    assert len(store.delete(batch.id)) == 3
    assert store.list() == [] and store.events(batch.id) == [] and claimed(store) == []
    assert store.delete(batch.id) == []
    assert store.add(job(), key="k", body_hash="b").state == "starting"


def test_quotas_count_deleted_jobs_too(store: JobStore, clock: Clock) -> None:
    one = store.add(job(owner="ann"))
    store.add(job(owner="ann"))
    store.delete(one.id)
    assert store.count("ann", ["starting", "processing"]) == 1
    assert store.count_since("ann", clock.now - 24 * 3600) == 2
    clock.now += 25 * 3600
    assert store.count_since("ann", clock.now - 24 * 3600) == 0


def test_jobs_are_kept_for_a_time_after_their_end(store: JobStore, clock: Clock) -> None:
    one = store.add(job())
    clock.now += 1000
    assert list(store.expired()) == []
    store.claim("short", "worker", 60)
    store.succeed(one.id, 1, [], {})
    clock.now += 99
    assert list(store.expired()) == []
    clock.now += 2
    assert list(store.expired()) == [one.id]


def test_assets_are_in_use_as_long_as_a_job_knows_them(store: JobStore) -> None:
    one = store.add(job(owner="ann", request={"content": "b" * 64, "style": ["asset:" + "c" * 64]}))
    store.claim("short", "worker", 60)
    store.succeed(one.id, 1, [OUTPUT], {})
    assert all(store.in_use(letter * 64, "ann") for letter in "abc")
    assert not store.in_use("b" * 64, "bob")
    store.delete(one.id)
    assert not any(store.in_use(letter * 64, "ann") for letter in "abc")


def test_counts_tell_lanes_and_states(store: JobStore) -> None:
    store.add(job())
    store.add(job())
    store.add(job(lane="long"))
    store.claim("short", "worker", 60)
    assert store.counts() == {
        ("short", "starting"): 1, ("short", "processing"): 1, ("long", "starting"): 1,
    }  # fmt: skip
    assert store.waiting() == {"short": 1, "long": 1}


def test_listeners_hear_what_is_written_and_nothing_else(store: JobStore) -> None:
    heard: list[tuple[str, str]] = []
    store.listen(lambda id, kind: heard.append((id, kind)))
    one = store.add(job(id="mine"), body_hash="a")
    with pytest.raises(IdTaken):
        store.add(job(id="mine"), body_hash="b")
    store.claim("short", "worker", 60)
    store.renew(one.id, 1, 60, {"step": 1})
    store.renew(one.id, 1, 60)
    assert heard == [("mine", "state"), ("mine", "state"), ("mine", "progress")]
