"""What is kept no longer goes: jobs with their results, and uploads."""

import asyncio
import time

from impasto.serving.assets import Assets
from impasto.serving.jobs.store import JobStore

AHEAD = 300.0  # seconds: an asset that expires within these stays for jobs that need it
NEEDED = """
SELECT files.owner, files.asset FROM files JOIN assets
ON assets.id = files.asset AND assets.owner = files.owner WHERE assets.expires < ?
"""


async def forget(store: JobStore, assets: Assets, id: str) -> bool:
    """Delete a job, its children and what they made; tell whether there was one."""
    gone = store.delete(id)
    for job in gone:
        for output in job.outputs:
            if not store.in_use(output.asset, job.owner):
                await assets.delete(output.asset, job.owner)
        await asyncio.sleep(0)  # of thousands, none holds the others up
    return bool(gone)


async def expire(store: JobStore, assets: Assets) -> None:
    """Delete jobs that were kept long enough, then assets that no job needs any more."""
    for id in store.expired():
        await forget(store, assets, id)
    for owner, asset in store.database.rows(NEEDED, (time.time() + AHEAD,)):
        assets.keep([asset], owner)
        await asyncio.sleep(0)
    await assets.expire()
