"""Whatever happens in whatever order: no job is lost, none ends twice, none goes back."""

import itertools
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from tests.serving.jobs.conftest import Clock, job

from impasto.serving.jobs.job import ENDED, Job, Output
from impasto.serving.jobs.refusals import QueueFull
from impasto.serving.jobs.store import JobStore

RANK = {"starting": 0, "processing": 1, "succeeded": 2, "failed": 2, "canceled": 2}
OWNERS = st.sampled_from(["ann", "bob"])
WISHES = st.sampled_from(["cancel", "finish"])
LEASE = 60.0


class Server(RuleBasedStateMachine):
    """A store, with workers that end, get lost, come late, and a server that is killed."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = Clock()
        self.open()
        self.numbers = itertools.count()
        self.taken: list[str] = []
        self.attempts: list[tuple[str, int]] = []  # all that ever began, late ones too
        self.rank: dict[str, int] = {}
        self.ended: dict[str, Any] = {}

    def open(self) -> None:
        path = Path(self.folder.name) / "jobs.sqlite"
        self.store = JobStore(path, queue=8, clock=self.clock)

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    def job(self, kind: str = "stylization", **values: Any) -> Job:
        return job(kind, id=f"{next(self.numbers)}", **values)

    @rule(owner=OWNERS, priority=st.sampled_from([0, 10]), key=st.sampled_from(["", "k"]))
    def add(self, owner: str, priority: int, key: str) -> None:
        try:
            added = self.store.add(self.job(owner=owner, priority=priority), key=key)
        except QueueFull:
            assert sum(self.store.waiting().values()) >= 8  # more where work came back
        else:
            self.taken += [added.id] if added.id not in self.taken else []

    @rule(owner=OWNERS, children=st.integers(1, 3))
    def add_batch(self, owner: str, children: int) -> None:
        ones = [self.job(owner=owner, priority=20) for _ in range(children)]
        batch = self.job("batch", owner=owner)
        try:
            self.store.add_batch(batch, ones)
        except QueueFull:
            assert self.store.get(batch.id) is None
        else:
            self.taken += [batch.id, *(one.id for one in ones)]

    @rule()
    def claim(self) -> None:
        if claimed := self.store.claim("short", "worker", LEASE):
            assert claimed.id not in self.ended
            assert (claimed.id, claimed.attempts) not in self.attempts
            self.attempts.append((claimed.id, claimed.attempts))

    @precondition(lambda self: self.attempts)
    @rule(data=st.data(), how=st.sampled_from(["succeed", "fail", "cancel", "lose", "put_back"]))
    def end(self, data: st.DataObject, how: str) -> None:
        id, attempt = data.draw(st.sampled_from(self.attempts))
        before = self.store.get(id)
        given: dict[str, tuple[Any, ...]] = {
            "succeed": ([Output(f"{attempt}", "a" * 64, "image/png", 1)], {"attempt": attempt}),
            "fail": ({"title": f"{attempt}"},),
        }
        held = getattr(self.store, how)(id, attempt, *given.get(how, ()))
        after = self.store.get(id)
        assert before is not None and after is not None
        if attempt != before.attempts or before.state in ENDED:
            assert not held
            assert after == before

    @precondition(lambda self: self.taken)
    @rule(data=st.data(), wish=WISHES)
    def stop(self, data: st.DataObject, wish: Any) -> None:
        self.store.ask_to_stop(data.draw(st.sampled_from(self.taken)), wish)

    @precondition(lambda self: self.taken)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        gone = {one.id for one in self.store.delete(data.draw(st.sampled_from(self.taken)))}
        self.taken = [id for id in self.taken if id not in gone]
        self.attempts = [one for one in self.attempts if one[0] not in gone]
        self.ended = {id: end for id, end in self.ended.items() if id not in gone}

    @rule(seconds=st.floats(1, 2 * LEASE))
    def time_goes_on(self, seconds: float) -> None:
        self.clock.now += seconds
        self.store.requeue_expired()

    @rule()
    def the_server_is_killed(self) -> None:
        self.store.close()
        self.open()
        self.store.void_leases()

    @invariant()
    def all_is_well(self) -> None:
        jobs = {one.id: one for one in self.store.list(limit=1000)}
        assert jobs.keys() == set(self.taken)  # none lost, none made up
        for one in jobs.values():
            assert RANK[one.state] >= self.rank.get(one.id, 0)
            self.rank[one.id] = RANK[one.state]
            told = [
                event.data["state"] for event in self.store.events(one.id) if event.kind == "state"
            ]
            assert told == sorted(told, key=RANK.__getitem__)
            assert told[-1] == one.state
            assert sum(state in ENDED for state in told) == (one.state in ENDED)
            if one.state in ENDED:
                end = (one.state, one.ended, one.outputs, one.facts, one.problem)
                assert self.ended.setdefault(one.id, end) == end  # only once
                assert bool(one.outputs) == (one.state == "succeeded" and one.kind != "batch")

    @invariant()
    def a_batch_ends_when_its_children_did(self) -> None:
        for batch in self.store.list(kind="batch", limit=1000):
            children = self.store.list(parent=batch.id, limit=1000)
            assert (batch.state in ENDED) == all(one.state in ENDED for one in children)


TestServer = Server.TestCase
TestServer.settings = settings(max_examples=25, stateful_step_count=40)
