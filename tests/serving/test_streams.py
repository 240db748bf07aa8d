"""Streams that stay open."""

import asyncio
from collections.abc import AsyncIterator

from impasto.serving.streams import BEAT, beating


async def slow() -> AsyncIterator[str]:
    """Give a line, and another one much later."""
    yield "one"
    await asyncio.sleep(0.2)
    yield "two"


def test_a_beat_is_given_where_nothing_comes() -> None:
    async def heard() -> list[str]:
        return [line async for line in beating(slow(), beat_s=0.05)]

    lines = asyncio.run(heard())
    assert [line for line in lines if line != BEAT] == ["one", "two"]
    assert BEAT in lines


def test_who_leaves_ends_what_was_awaited() -> None:
    ended = asyncio.Event()

    async def endless() -> AsyncIterator[str]:
        try:
            yield "one"
            await asyncio.sleep(3600)
        finally:
            ended.set()

    async def leave() -> bool:
        lines = beating(endless())
        await anext(lines)
        coming = asyncio.ensure_future(anext(lines))
        await asyncio.sleep(0)
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)
        return ended.is_set()

    assert asyncio.run(leave())
