"""Messages arrive whole, or not at all."""

import asyncio
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impasto.serving.workers.channel import (
    BrokenChannel,
    Message,
    read,
    receive,
    write,
)

PLAIN = st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.just([1, "a"])
MESSAGES = st.builds(
    Message,
    st.text(max_size=20),
    st.dictionaries(st.text(max_size=5), PLAIN, max_size=4),
    st.binary(max_size=200),
)


def received(data: bytes) -> list[Message]:
    async def whole() -> list[Message]:
        reader = asyncio.StreamReader(limit=1000)
        reader.feed_data(data)
        reader.feed_eof()
        found = []
        while (message := await receive(reader)) is not None:
            found.append(message)
        return found

    return asyncio.run(whole())


@settings(max_examples=30)
@given(st.lists(MESSAGES, max_size=3))
def test_both_sides_read_what_was_written(messages: list[Message]) -> None:
    file = io.BytesIO()
    for message in messages:
        write(file, message)
    file.seek(0)
    assert [read(file) for _ in messages] == messages
    assert read(file) is None
    small = [one for one in messages if len(one.parts()[0]) < 1000]
    assert received(b"".join(b"".join(one.parts()) for one in small)) == small


def test_half_a_message_is_none() -> None:
    whole = b"".join(Message("a", {"b": 1}, b"1234").parts())
    for end in range(len(whole)):
        assert read(io.BytesIO(whole[:end])) is None
        assert received(whole[:end]) == []


@pytest.mark.parametrize(
    "line",
    [
        b"what is that?\n",
        b"[]\n",
        b'{"kind": "a", "payload": {}}\n',
        b'{"kind": 1, "payload": {}, "size": 0}\n',
        b'{"kind": "a", "payload": {}, "size": -1}\n',
        b'{"kind": "a", "payload": {}, "size": 1e9}\n',
        b'{"kind": "a", "payload": {}, "size": 99999999999}\n',
    ],
)
def test_what_is_no_message_is_told(line: bytes) -> None:
    with pytest.raises(BrokenChannel):
        received(line)
    with pytest.raises(BrokenChannel):
        read(io.BytesIO(line))


def test_a_line_without_an_end_fills_no_memory() -> None:
    with pytest.raises(BrokenChannel):
        received(b"a" * 5000)
