"""The outermost guard: headers that every answer has, problems for what was raised, a log line."""

import json
import logging
import secrets
import time
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from impasto.serving.problems import MEDIA_TYPE, Problem, problem_of

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; media-src 'self' blob:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
logger = logging.getLogger("impasto.serving")
access = logging.getLogger("impasto.serving.access")


class Answers:
    """Gives every request an id, and every answer its headers; what is raised becomes a problem."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, whatever happens."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        id = secrets.token_hex(6)
        scope.setdefault("state", {})["id"] = id
        sent = _Sent(send, id)
        start = time.monotonic()
        try:
            await self._app(scope, receive, sent)
        except Exception as error:
            await self._tell(error, scope, receive, sent)
        finally:
            _log(scope, id, sent, start)

    async def _tell(self, error: Exception, scope: Scope, receive: Receive, sent: "_Sent") -> None:
        id = scope["state"]["id"]
        problem = problem_of(error)
        if problem.status >= 500 and not isinstance(error, Problem):
            logger.error("what failed: %s", id, exc_info=error)
        if sent.status:  # too late for another answer: the connection ends
            return
        if scope["type"] == "websocket":
            await sent({"type": "websocket.close", "code": 1008, "reason": problem.title})
            return
        await answer(problem, id)(scope, receive, sent)


class _Sent:
    """Adds headers to what is sent, and remembers the status."""

    def __init__(self, send: Send, id: str) -> None:
        self._send, self._id = send, id
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers["X-Request-Id"] = self._id
        elif message["type"] == "websocket.accept":
            self.status = 101
        await self._send(message)


def answer(problem: Problem, id: str) -> Response:
    """Return a problem as a response."""
    body = json.dumps(problem.to_json(id)).encode()
    return Response(body, problem.status, problem.headers, media_type=MEDIA_TYPE)


async def on_error(request: Request, error: Exception) -> Response:
    """Answer what a route raised on purpose."""
    problem, id = problem_of(error), str(request.state.id)
    if problem.status >= 500:
        logger.error("what failed: %s", id, exc_info=error)
    return answer(problem, id)


def _log(scope: Scope, id: str, sent: _Sent, start: float) -> None:
    seconds = time.monotonic() - start
    if (server := _server(scope)) is not None:
        server.metrics.answered(_route(scope), sent.status, seconds)
    if access.isEnabledFor(logging.INFO):
        told = {
            "request": id,
            "method": scope.get("method", "WS"),
            "path": scope["path"],  # never the query, nor a header: both may hold secrets
            "status": sent.status,
            "ms": round(1000 * seconds, 1),
        }
        access.info("answered", extra={"facts": told})


def _server(scope: Scope) -> Any:
    return getattr(scope["app"].state, "server", None) if "app" in scope else None


def _route(scope: Scope) -> str:
    """Return the pattern of the route that answered; what a client wrote is never counted by."""
    return str(getattr(scope.get("route"), "path", "other"))
