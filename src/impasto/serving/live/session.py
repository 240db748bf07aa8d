"""One live connection: small requests come in, previews go out, and only the latest counts."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from impasto.serving.live.request import FRAME
from impasto.serving.problems import Problem, problem_of

MOST_TEXT, MOST_FRAME = 1 << 16, 4 << 20  # characters, bytes


class Paints(Protocol):
    """What paints previews."""

    async def paint(
        self, wanted: Mapping[str, Any], inputs: Mapping[str, Path], frame: bytes = b""
    ) -> tuple[Mapping[str, Any], bytes]:
        """Return width and height of a preview, and its JPEG."""


# Checks a request, and returns it with the files of its assets; raises what becomes a problem.
Read = Callable[[object], Awaitable[tuple[dict[str, Any], Mapping[str, Path]]]]


@dataclass(frozen=True)
class Asked:
    """A request as it came: JSON or what was no JSON, a camera's picture, and when."""

    request: object
    frame: bytes
    at: float

    @property
    def seq(self) -> int | None:
        """The number that the client gave it."""
        seq = self.request.get("seq") if isinstance(self.request, dict) else None
        return seq if isinstance(seq, int) else None


class LiveSession:
    """Hears and paints at the same time: a request that waits is replaced by the next one."""

    def __init__(self, socket: WebSocket, painter: Paints, read: Read) -> None:
        self._socket, self._painter, self._read = socket, painter, read
        self._waiting: Asked | None = None
        self._news = asyncio.Event()
        self._closed = False

    async def run(self) -> None:
        """Serve until the client is gone."""
        painting = asyncio.create_task(self._paint())
        try:
            await self._hear()
            self._closed = True
            self._news.set()
            await painting  # to its end: ending it would end the process that others use too
        finally:
            painting.cancel()

    async def _hear(self) -> None:
        try:
            while True:
                request = _parsed(await self._socket.receive_text())
                is_frame = isinstance(request, dict) and request.get("content") == FRAME
                frame = await self._socket.receive_bytes() if is_frame else b""
                self._waiting = Asked(request, frame, time.perf_counter())
                self._news.set()
        except WebSocketDisconnect:
            return
        except KeyError:  # text where bytes must come, or the other way round
            await self._hang_up()

    async def _paint(self) -> None:
        while not self._closed:
            await self._news.wait()
            self._news.clear()
            if (asked := self._waiting) is not None:
                self._waiting = None
                head, picture = await self._answer(asked)
                await self._send(head, picture)

    async def _answer(self, asked: Asked) -> tuple[Mapping[str, Any], bytes]:
        try:
            if len(asked.frame) > MOST_FRAME:
                raise Problem("body-too-large", f"A frame has at most {MOST_FRAME} bytes.")
            wanted, inputs = await self._read(asked.request)
            size, picture = await self._painter.paint(wanted, inputs, asked.frame)
        except Exception as error:
            told = problem_of(error)
            return {"seq": asked.seq, "problem": told.to_json()}, b""
        took = round(1000 * (time.perf_counter() - asked.at), 1)
        return {"seq": asked.seq, "ms": took, **size}, picture

    async def _send(self, head: Mapping[str, Any], picture: bytes) -> None:
        try:
            if self._closed:
                return
            await self._socket.send_text(json.dumps(head))
            if picture:
                await self._socket.send_bytes(picture)
        except (WebSocketDisconnect, RuntimeError):  # the client has just gone
            self._closed = True

    async def _hang_up(self) -> None:
        if self._socket.application_state == WebSocketState.CONNECTED:
            await self._socket.close(1003, "A request is text; the frame behind it is bytes.")


def _parsed(text: str) -> object:
    try:
        return json.loads(text) if len(text) <= MOST_TEXT else None
    except (ValueError, RecursionError):
        return None
