"""Streams of events that stay open: a beat now and then tells that the other side is there."""

import asyncio
from collections.abc import AsyncIterator

BEAT_S = 15.0
BEAT = ": still here\n\n"  # a comment, which clients skip


async def beating(lines: AsyncIterator[str], beat_s: float = BEAT_S) -> AsyncIterator[str]:
    """Give lines as they come, and a comment whenever none came for so many seconds."""
    coming: asyncio.Future[str] | None = None
    try:
        while True:
            coming = coming or asyncio.ensure_future(anext(lines))
            done, _ = await asyncio.wait({coming}, timeout=beat_s)
            if not done:
                yield BEAT
                continue
            try:
                yield coming.result()
            except StopAsyncIteration:
                return
            coming = None
    finally:
        if coming is not None:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
