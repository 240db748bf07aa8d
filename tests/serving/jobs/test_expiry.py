"""What is over goes; what a job still needs stays."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.serving.jobs.conftest import Clock, job

from impasto.serving.assets import Assets
from impasto.serving.jobs.expiry import expire
from impasto.serving.jobs.job import Output
from impasto.serving.jobs.store import JobStore
from impasto.serving.storage import Storage


async def inspect(path: Path) -> Mapping[str, Any]:
    """Look at nothing."""
    return {"media_type": "image/png", "width": 8, "height": 8}


def output(asset: str) -> Output:
    """Return an output with these bytes."""
    return Output("painting.png", asset, "image/png", 1)


def test_uploads_stay_as_long_as_a_job_needs_them(tmp_path: Path) -> None:
    async def scenario() -> None:
        clock = Clock()
        store = JobStore(tmp_path / "jobs.sqlite", keep_s=100, clock=clock)
        storage = Storage.open(None, tmp_path / "files")
        # All that is kept here for an hour expires soon enough to be looked at.
        assets = Assets(store.database, storage, inspect, tmp_path / "arriving", keep=1 / 60)
        ids = []
        for name in ("needed", "alone"):
            (tmp_path / name).write_text(name)
            ids.append((await assets.add_file(tmp_path / name, "ann", "image/png")).id)
        store.add(job(owner="ann", request={"content": ids[0]}))
        await expire(store, assets)
        with store.database.transaction() as connection:
            connection.execute("UPDATE assets SET expires = 1")
        await expire(store, assets)
        assert [await assets.path(id, "ann") is not None for id in ids] == [True, False]

    asyncio.run(scenario())


def test_ended_jobs_go_with_their_results(tmp_path: Path) -> None:
    async def scenario() -> None:
        clock = Clock()
        store = JobStore(tmp_path / "jobs.sqlite", keep_s=100, clock=clock)
        storage = Storage.open(None, tmp_path / "files")
        assets = Assets(store.database, storage, inspect, tmp_path / "arriving")
        batch = store.add_batch(job("batch"), [job(), job()])
        results = []
        for number in range(2):
            (tmp_path / "picture").write_text(f"{number}")
            asset = await assets.add_file(tmp_path / "picture", "", "image/png")
            results.append(asset.id)
            child = store.claim("short", "worker", 60)
            assert child is not None
            store.succeed(child.id, 1, [output(asset.id)], {})
        waiting = store.add(job())
        await expire(store, assets)
        assert store.get(batch.id) is not None
        clock.now += 101
        await expire(store, assets)
        assert [one.id for one in store.list()] == [waiting.id]
        assert [await assets.path(id, "") for id in results] == [None, None]

    asyncio.run(scenario())
