"""A load generator for HTTP that costs little: closed loops of clients, or arrivals at a rate.

``python -m benchmarks.load URL PHOTO`` paints a photo in every gallery style, each time with
another comment in the file, so that no upload is known already, and prints what came back with its
own processor time. ``--null BYTES`` is a server that does nothing: what is measured then is the
generator.
"""

import argparse
import asyncio
import contextlib
import heapq
import itertools
import json
import random
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from impasto.styles.gallery import built_in

BOUNDARY = "----------------------------impasto"
GIVE_UP_S = 60.0
REST_S = 0.1  # after a connection that failed


@dataclass
class Measured:
    """What a run of the generator saw; times in seconds."""

    seconds: float = 0.0  # from the first request to the last answer
    processor_s: float = 0.0  # of the generator itself
    latencies: list[float] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)  # answers that are no pictures, by status

    def add(self, status: int, seconds: float) -> None:
        """Count one answer."""
        if status == 200:
            self.latencies.append(seconds)
        else:
            self.refused[str(status)] = self.refused.get(str(status), 0) + 1


class Client:
    """One connection that is kept open, and opened again where the server closed it."""

    def __init__(self, host: str, port: int) -> None:
        self._place = host, port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes) -> int:
        """Send a whole request, read the whole answer, return its status; 0 where none came."""
        try:
            async with asyncio.timeout(GIVE_UP_S):
                if self._streams is not None:
                    # A server may close what was idle just as it is used again: not its fault.
                    with contextlib.suppress(OSError, EOFError):
                        return await self._ask(request)
                    self.close()
                return await self._ask(request)
        except (OSError, EOFError, TimeoutError):
            self.close()
            await asyncio.sleep(REST_S)
            return 0

    async def _ask(self, request: bytes) -> int:
        if self._streams is None:
            self._streams = await asyncio.open_connection(*self._place, limit=1 << 20)
        reader, writer = self._streams
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        await reader.readexactly(int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0]))
        return int(head.split(b" ", 2)[1])

    def close(self) -> None:
        """Close the connection."""
        if self._streams is not None:
            self._streams[1].close()
        self._streams = None


async def closed(
    host: str, port: int, requests: Iterator[bytes], clients: int, seconds: float
) -> Measured:
    """Let each client ask again as soon as it has its answer."""
    measured, start, processor = Measured(), time.perf_counter(), time.process_time()

    async def loop() -> None:
        client = Client(host, port)
        while (asked := time.perf_counter()) - start < seconds:
            measured.add(await client.ask(next(requests)), time.perf_counter() - asked)
        client.close()

    await asyncio.gather(*(loop() for _ in range(clients)))
    measured.seconds = time.perf_counter() - start
    measured.processor_s = time.process_time() - processor
    return measured


def moments(rate: float, seconds: float, even: bool = False) -> Iterator[float]:
    """Give moments of so many arrivals a second: random (Poisson), the same each time, or even."""
    draws, moment = random.Random(0), 0.0
    while (moment := moment + (1 / rate if even else draws.expovariate(rate))) < seconds:
        yield moment


def ideal(times: Iterable[float], workers: int, service: float) -> list[float]:
    """Return how long each arrival would take where nothing but work and waiting takes time."""
    free, taken = [0.0] * workers, []
    for moment in times:  # the one that is free first takes it
        end = max(moment, heapq.heappop(free)) + service
        heapq.heappush(free, end)
        taken.append(end - moment)
    return taken


async def arriving(
    host: str, port: int, requests: Iterator[bytes], times: Iterable[float]
) -> Measured:
    """Ask at given moments, in seconds from now, whether answers have come or not.

    Time counts from the moment that was meant, so a generator that falls behind hides nothing.
    """
    measured, start, processor = Measured(), time.perf_counter(), time.process_time()
    idle, running = list[Client](), set[asyncio.Task[None]]()

    async def one(meant: float) -> None:
        client = idle.pop() if idle else Client(host, port)
        measured.add(await client.ask(next(requests)), time.perf_counter() - meant)
        idle.append(client)

    for moment in times:
        await asyncio.sleep(max(0.0, start + moment - time.perf_counter()))
        task = asyncio.create_task(one(start + moment))
        running.add(task)
        task.add_done_callback(running.discard)
    await asyncio.gather(*running)
    measured.seconds = time.perf_counter() - start
    measured.processor_s = time.process_time() - processor
    for client in idle:
        client.close()
    return measured


def requests_for(url: str, photo: bytes, styles: list[str], token: str = "") -> Iterator[bytes]:
    """Give whole HTTP requests without end: a JPEG photo, painted in each style in turn."""
    host, start = urlsplit(url).netloc, photo[:2]  # SOI, then any segment may come
    for number, style in enumerate(itertools.cycle(styles)):
        comment = b"\xff\xfe\x00\x12" + b"%016x" % number
        yield _request(host, start + comment + photo[2:], style, token)


def _request(host: str, photo: bytes, style: str, token: str) -> bytes:
    part = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="'
    start = (
        f'{part}style"\r\n\r\n{style}\r\n{part}content"; filename="photo.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    ).encode()
    end = f"\r\n--{BOUNDARY}--\r\n".encode()
    head = (
        f"POST /v1/stylizations HTTP/1.1\r\nHost: {host}\r\nPrefer: wait={GIVE_UP_S:.0f}\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nAccept: image/*\r\n"
        + (f"Authorization: Bearer {token}\r\n" if token else "")
        + f"Content-Length: {len(start) + len(photo) + len(end)}\r\n\r\n"
    )
    return b"".join((head.encode(), start, photo, end))


async def null_server(size: int) -> None:
    """Answer each request with so many bytes at once, and say first where."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size + bytes(size)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0]
                await reader.readexactly(int(length))
                writer.write(answer)
                await writer.drain()
        except (OSError, EOFError):
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=1 << 20)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


def main() -> None:
    """Print what was measured, as one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", nargs="?", default="http://127.0.0.1:8000")
    parser.add_argument("photo", nargs="?", type=Path, help="a JPEG file")
    parser.add_argument("--clients", type=int, default=32, help="how many ask at once")
    parser.add_argument("--rate", type=float, default=0, help="requests a second instead")
    parser.add_argument("--even", action="store_true", help="with --rate: not at random moments")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--style", action="append", help="gallery name; by default all in turn")
    parser.add_argument("--token", default="")
    parser.add_argument("--null", type=int, metavar="BYTES", help="be a server that does nothing")
    chosen = parser.parse_args()
    if chosen.null is not None:
        asyncio.run(null_server(chosen.null))
    place, styles = urlsplit(chosen.url), chosen.style or sorted(built_in())
    requests = requests_for(chosen.url, chosen.photo.read_bytes(), styles, chosen.token)
    host, port = place.hostname or "127.0.0.1", place.port or 80
    run = (
        arriving(host, port, requests, moments(chosen.rate, chosen.seconds, chosen.even))
        if chosen.rate
        else closed(host, port, requests, chosen.clients, chosen.seconds)
    )
    print(json.dumps(vars(asyncio.run(run))))


if __name__ == "__main__":
    main()
