"""Requests of the server to the outside, which a client may have asked for: one guarded door.

Only https, only to public addresses: a name is resolved once, all its addresses are checked, and
the connection goes to the very one that was. Redirects are checked the same way.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from ipaddress import ip_address
from typing import TypeVar

import h11

from impasto.serving.addresses import Address, Url, is_public, parse
from impasto.serving.problems import Problem
from impasto.version import __version__

TIME_LIMIT = 20.0  # seconds for all of a request, from the name to the last byte
MOST_REDIRECTS = 3
MOST_AT_ONCE = 8
MOST_HEADERS = 16_384  # bytes
CHUNK = 1 << 16
# The same for names that are unknown and names of private networks: which exist is not told.
NOBODY = "Nobody on the open internet answers there, or not safely."
REDIRECTS = (301, 302, 303, 307, 308)
T = TypeVar("T")
Resolve = Callable[[str, int], Awaitable[list[Address]]]


# Asking for a name can take long and cannot be ended, so it has threads of its own.
NAMES = ThreadPoolExecutor(4, thread_name_prefix="names")


async def resolve(host: str, port: int) -> list[Address]:
    """Return all addresses of a name, as the system knows them."""
    ask = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    found = await asyncio.get_running_loop().run_in_executor(NAMES, ask)
    return list(dict.fromkeys(ip_address(str(address[0])) for *_, address in found))


class Outside:
    """The internet as the server may reach it.

    Args:
        resolve: how names become addresses.
        allowed: tells the addresses that may be reached.
        context: whose certificates are believed; without it those that the system believes.
        time_limit: seconds for all of a request.
    """

    def __init__(
        self,
        resolve: Resolve = resolve,
        allowed: Callable[[Address], bool] = is_public,
        context: ssl.SSLContext | None = None,
        time_limit: float = TIME_LIMIT,
    ) -> None:
        self._resolve, self._allowed, self._time_limit = resolve, allowed, time_limit
        self._context = context
        self._turns = asyncio.Semaphore(MOST_AT_ONCE)

    @asynccontextmanager
    async def get(self, url: str) -> AsyncIterator[AsyncIterator[bytes]]:
        """Give the body behind an address in pieces; how much is taken is up to the caller.

        Raises UsageError for what is no https address, Problem for what cannot or may not be
        fetched; also while the pieces come.
        """
        deadline = asyncio.get_running_loop().time() + self._time_limit
        place = parse(url)
        async with self._turns:
            for _ in range(1 + MOST_REDIRECTS):
                exchange = await self._opened(place, deadline)
                try:
                    answer = await exchange.ask("GET", {"Accept": "image/*"})
                    if answer.status_code not in REDIRECTS:
                        _check(answer)
                        yield exchange.body()
                        return
                    place = place.joined(_header(answer, b"location"))
                finally:
                    exchange.close()
        raise _failed("It redirects too often.")

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Send bytes and return the status of the answer; redirects are not followed.

        Raises UsageError for what is no https address, Problem where nobody answers.
        """
        deadline = asyncio.get_running_loop().time() + self._time_limit
        async with self._turns:
            exchange = await self._opened(parse(url), deadline)
            try:
                return (await exchange.ask("POST", headers, body)).status_code
            finally:
                exchange.close()

    async def _opened(self, url: Url, deadline: float) -> "Exchange":
        try:
            async with asyncio.timeout_at(deadline):
                addresses = await self._resolve(url.host, url.port)
                # One bad address condemns the name: it may be the answer to the next question.
                if not all(map(self._allowed, addresses)):
                    raise _failed(NOBODY)
                return Exchange(url, *await self._connected(url, addresses), deadline)
        except TimeoutError as error:
            raise _failed("It takes too long.") from error
        except (OSError, UnicodeError) as error:
            raise _failed(NOBODY) from error

    async def _connected(
        self, url: Url, addresses: Sequence[Address]
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        trouble: OSError | None = None
        self._context = self._context or ssl.create_default_context()
        for address in addresses:
            try:
                return await asyncio.open_connection(
                    str(address), url.port, ssl=self._context, server_hostname=url.host
                )
            except OSError as error:  # this machine may have no IPv6
                trouble = error
        raise trouble or OSError("no address")


class Exchange:
    """One request and its answer on a connection of its own."""

    def __init__(
        self, url: Url, source: asyncio.StreamReader, sink: asyncio.StreamWriter, deadline: float
    ) -> None:
        self._url, self._source, self._sink, self._deadline = url, source, sink, deadline
        self._state = h11.Connection(h11.CLIENT, max_incomplete_event_size=MOST_HEADERS)

    async def ask(self, method: str, headers: Mapping[str, str], body: bytes = b"") -> h11.Response:
        """Send a request and return the head of the answer."""
        ours = {
            "Host": self._url.authority,
            "User-Agent": f"impasto/{__version__}",
            "Accept-Encoding": "identity",
            "Connection": "close",
        }
        ours |= {"Content-Length": str(len(body))} if body else {}
        request = h11.Request(
            method=method, target=self._url.target, headers=list((ours | dict(headers)).items())
        )
        for part in (request, h11.Data(body), h11.EndOfMessage()):
            self._sink.write(self._state.send(part) or b"")
        while True:
            event = await self._next()
            if isinstance(event, h11.Response):
                return event
            if not isinstance(event, h11.InformationalResponse):
                raise _failed("What answers there speaks no HTTP.")

    async def body(self) -> AsyncIterator[bytes]:
        """Give the pieces of the answer's body."""
        while isinstance(event := await self._next(), h11.Data):
            yield bytes(event.data)

    def close(self) -> None:
        """Hang up, whatever is still to come."""
        self._sink.transport.abort()

    async def _next(self) -> object:
        try:
            async with asyncio.timeout_at(self._deadline):
                while (event := self._state.next_event()) is h11.NEED_DATA:
                    self._state.receive_data(await self._source.read(CHUNK))
        except TimeoutError as error:
            raise _failed("It takes too long.") from error
        except (OSError, h11.RemoteProtocolError) as error:
            raise _failed("It broke off.") from error
        return event


def _check(answer: h11.Response) -> None:
    if answer.status_code != 200:
        raise _failed(f"It answers {answer.status_code}.")
    if _header(answer, b"content-encoding") not in ("", "identity"):
        raise _failed("It is compressed although that was not asked for.")


def _header(answer: h11.Response, name: bytes) -> str:
    values = (bytes(value) for key, value in answer.headers if key == name)
    return next(values, b"").decode("latin-1")


def _failed(words: str) -> Problem:
    return Problem("fetch-failed", words)
