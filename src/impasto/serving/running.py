"""The application on an address: uvicorn with limits, and an end that lets work finish."""

import asyncio
import json
import logging
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from impasto.errors import UsageError
from impasto.serving.local import OPEN_TO_ALL
from impasto.serving.schemas.answers import iso
from impasto.settings.server import ServerSettings

BACKLOG = 512  # connections that the system keeps until they are accepted
MOST_CONNECTIONS = 1000
LARGEST_HEADERS = 32_768  # bytes
HEADERS_S = 15.0  # for a client to send its headers
IDLE_S = 10  # of a connection between two requests
PATIENCE_S = 20  # for answers that are under way when the server ends
FRAME = 16 << 20  # bytes of a WebSocket's message


class Protocol(H11Protocol):
    """uvicorn's HTTP, which ends connections whose headers come too slowly."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._expect(None)

    def on_response_complete(self) -> None:
        """Begin to wait for the next request."""
        super().on_response_complete()
        self._expect(self.cycle)

    def _expect(self, last: Any) -> None:
        self.loop.call_later(HEADERS_S, self._check, last)

    def _check(self, last: Any) -> None:
        if self.transport is None or self.transport.get_protocol() is not self:
            return  # gone, or a WebSocket's by now
        if self.cycle is last and not self.transport.is_closing():
            self.transport.close()


class Serving(uvicorn.Server):
    """Says when it is ready, and lets those go who only listen when it ends."""

    def __init__(self, config: uvicorn.Config, app: FastAPI, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._app, self._on_ready = app, on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        if not self.should_exit:
            logging.getLogger("uvicorn.error").disabled = False
            self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End; streams of events end at once, pictures that are waited for are finished."""
        if server := getattr(self._app.state, "server", None):
            server.close()
        await super().shutdown(sockets)


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """Give a socket that listens on an address; raise UsageError where it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        door = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise UsageError(
            f"Cannot listen on {host}, port {port}: {error.strerror or error}. Choose another "
            "port: --port 0 takes any that is free."
        ) from error
    # asyncio knows a TCP socket by its protocol, which this one does not tell, so it would leave
    # Nagle's algorithm on: what follows a first small part then waits 40 ms for its receipt.
    door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with door:
        yield door


def run(
    app: FastAPI,
    settings: ServerSettings,
    door: socket.socket,
    *,
    log: bool = False,
    on_ready: Callable[[], None] = lambda: None,
) -> None:
    """Serve until Ctrl-C or a polite kill; raise what kept the application from starting."""
    _log(log)
    failure: list[BaseException] = []
    config = uvicorn.Config(
        _remembering(app, failure),
        http=Protocol,
        ws="websockets-sansio",
        ws_max_size=FRAME,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=MOST_CONNECTIONS,
        h11_max_incomplete_event_size=LARGEST_HEADERS,
        timeout_keep_alive=IDLE_S,
        timeout_graceful_shutdown=PATIENCE_S,
    )
    quiet = logging.getLogger("uvicorn.error")
    quiet.disabled = True  # until all is open: what fails before that is raised here
    try:
        Serving(config, app, on_ready).run([door])
    except KeyboardInterrupt:
        pass
    except SystemExit:
        if not failure:
            raise
    finally:
        quiet.disabled = False
    if failure:
        raise failure[0]


def address(host: str, port: int) -> str:
    """Return where a server is, as a browser on this machine names it.

    >>> address("0.0.0.0", 8000), address("::1", 80)
    ('http://127.0.0.1:8000', 'http://[::1]:80')
    """
    host = "127.0.0.1" if host in OPEN_TO_ALL else host
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def _remembering(app: FastAPI, failure: list[BaseException]) -> Any:
    """Return the application; what keeps it from starting is remembered, not printed."""

    async def remembering(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            await app(scope, receive, send)
            return
        try:
            await app(scope, receive, send)
        except Exception as error:
            failure.append(error)
            raise

    return remembering


def _log(requests: bool) -> None:
    """Log to standard error, one line of JSON for each event."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Json())
    for name in ("impasto", "uvicorn"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(logging.WARNING)
    if requests:
        logging.getLogger("impasto").setLevel(logging.INFO)


class Json(logging.Formatter):
    """A log record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        told: dict[str, Any] = {
            "time": iso(record.created),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        told |= getattr(record, "facts", {})
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        return json.dumps(told, default=str)
