"""Bodies are counted while they come, and must not come too slowly."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from impasto.serving.problems import Problem

SLACK = 1_000_000  # bytes of a form around its file
IDLE_S = 20.0  # longest wait for the next piece
LEAST_PACE = 10_000  # bytes a second, on the whole
MOST_HEADERS = 64


class LimitBodies:
    """Refuses requests that are too large or too slow, before anything is made of them.

    Args:
        most: bytes of the largest body.
    """

    def __init__(self, app: ASGIApp, most: int, idle_s: float = IDLE_S) -> None:
        self._app, self._most, self._idle_s = app, most + SLACK, idle_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, counted."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if len(scope["headers"]) > MOST_HEADERS:
            raise Problem("headers-too-large")
        headers = dict(scope["headers"])
        length = headers.get(b"content-length", b"")
        self._check_length(length)
        announced = length not in (b"", b"0") or b"transfer-encoding" in headers
        await self._app(scope, self._counted(receive, announced), send)

    def _check_length(self, told: bytes) -> None:
        if told and (not told.isdigit() or len(told) > 15 or int(told) > self._most):
            raise self._too_large()

    def _counted(self, receive: Receive, announced: bool) -> Receive:
        count, over = 0, False
        loop = asyncio.get_running_loop()
        start = loop.time()

        async def counted() -> Message:
            nonlocal count, over
            if over:
                return await receive()  # only that the client leaves is still to come
            try:
                message = await asyncio.wait_for(receive(), self._idle_s)
            except TimeoutError as error:
                raise Problem("request-timeout") from error
            if message["type"] == "http.disconnect" and announced:
                raise Problem("client-left")
            over = message["type"] != "http.request" or not message.get("more_body", False)
            count += len(message.get("body", b""))
            if count > self._most:
                raise self._too_large()
            if loop.time() - start > self._idle_s + count / LEAST_PACE:
                raise Problem("request-timeout")
            return message

        return counted

    def _too_large(self) -> Problem:
        most = (self._most - SLACK) // 1_000_000
        return Problem("body-too-large", f"A request has at most {most} MB.")
