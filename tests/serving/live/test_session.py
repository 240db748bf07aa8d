"""The latest request counts: what waits is replaced, what is refused is told, nobody is stuck."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from starlette.websockets import WebSocket, WebSocketState

from impasto.errors import SettingError
from impasto.serving.live.session import MOST_FRAME, LiveSession


class Line:
    """A WebSocket whose client is the test."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self._coming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._coming.put_nowait({"type": "websocket.connect"})
        self.socket = WebSocket({"type": "websocket"}, self._coming.get, self._send)

    async def _send(self, message: Mapping[str, Any]) -> None:
        if message["type"] == "websocket.send":
            text = message.get("text")
            self.sent.append(json.loads(text) if text else message["bytes"])
        elif message["type"] == "websocket.close":
            self.sent.append(message["code"])

    def say(self, **request: Any) -> None:
        self._coming.put_nowait({"type": "websocket.receive", "text": json.dumps(request)})

    def send(self, **message: Any) -> None:
        self._coming.put_nowait({"type": "websocket.receive", **message})

    def leave(self) -> None:
        self._coming.put_nowait({"type": "websocket.disconnect", "code": 1000})


class Painter:
    """Paints when it is let."""

    def __init__(self) -> None:
        self.painted: list[int] = []
        self.frames: list[bytes] = []
        self.let = asyncio.Event()
        self.let.set()

    async def paint(
        self, wanted: Mapping[str, Any], inputs: Mapping[str, Path], frame: bytes = b""
    ) -> tuple[Mapping[str, Any], bytes]:
        self.painted.append(wanted["seq"])
        self.frames.append(frame)
        await self.let.wait()
        return {"width": 3, "height": 2}, b"a picture"


async def read(request: object) -> tuple[dict[str, Any], Mapping[str, Path]]:
    if not isinstance(request, dict) or request.get("strength", 0) > 2:
        raise SettingError("--strength must be at most 2")
    return request, {}


async def started() -> tuple[Line, Painter, "asyncio.Task[None]"]:
    line, painter = Line(), Painter()
    await line.socket.accept()
    return line, painter, asyncio.create_task(LiveSession(line.socket, painter, read).run())


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def test_an_answer_is_words_and_a_picture() -> None:
    async def talk() -> None:
        line, _, running = await started()
        line.say(seq=7)
        await settle()
        head, picture = line.sent
        assert head.pop("ms") >= 0
        assert (head, picture) == ({"seq": 7, "width": 3, "height": 2}, b"a picture")
        line.leave()
        await running

    asyncio.run(talk())


def test_of_a_burst_the_first_and_the_last_are_painted() -> None:
    async def talk() -> None:
        line, painter, running = await started()
        painter.let.clear()
        line.say(seq=0)
        await settle()
        for seq in range(1, 50):
            line.say(seq=seq)
        await settle()
        painter.let.set()
        await settle()
        assert painter.painted == [0, 49]
        assert [one["seq"] for one in line.sent if isinstance(one, dict)] == [0, 49]
        line.leave()
        await running

    asyncio.run(talk())


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"seq": 1, "strength": 9}', "x" * 70_000])
def test_what_cannot_be_done_is_told_and_the_line_stays(text: str) -> None:
    async def talk() -> None:
        line, _, running = await started()
        line.send(text=text)
        await settle()
        assert line.sent[0]["problem"]["type"].endswith("/setting-error")
        assert "--" not in line.sent[0]["problem"]["detail"]
        line.say(seq=2)
        await settle()
        assert line.sent[-1] == b"a picture"
        line.leave()
        await running

    asyncio.run(talk())


def test_a_frame_follows_its_request() -> None:
    async def talk() -> None:
        line, painter, running = await started()
        line.say(seq=1, content="frame")
        line.send(bytes=b"jpeg")
        await settle()
        assert painter.frames == [b"jpeg"] and line.sent[-1] == b"a picture"
        line.say(seq=2, content="frame")
        line.send(bytes=bytes(MOST_FRAME + 1))
        await settle()
        assert line.sent[-1]["problem"]["status"] == 413 and len(painter.frames) == 1
        line.leave()
        await running

    asyncio.run(talk())


def test_bytes_where_words_must_come_end_the_line() -> None:
    async def talk() -> None:
        line, _, running = await started()
        line.send(bytes=b"jpeg")
        await running
        assert line.sent == [1003]
        assert line.socket.application_state == WebSocketState.DISCONNECTED

    asyncio.run(talk())


def test_who_leaves_while_it_paints_is_sent_nothing() -> None:
    async def talk() -> None:
        line, painter, running = await started()
        painter.let.clear()
        line.say(seq=1)
        await settle()
        line.leave()
        await settle()
        assert not running.done()  # the painting goes on: others' previews come from there too
        painter.let.set()
        await running
        assert line.sent == []

    asyncio.run(talk())
