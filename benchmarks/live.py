"""Live painting: from a change that is sent to the preview that came, over a real WebSocket.

``python -m benchmarks.live`` starts a server, or takes one that runs: ``--url``.
"""

import argparse
import asyncio
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from skimage import data
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.machine import describe_machine

PHOTO = Path(data.__file__).parent / "astronaut.png"
WARM = 10  # changes that are not counted
MOST = 16 << 20  # bytes of a preview
MIX = ("starry-night", "great-wave", "the-kiss", "composition-vii")


def strength(step: int) -> dict[str, Any]:
    """Move the strength."""
    return {"style": "starry-night", "strength": round(0.3 + 1.4 * (step % 97) / 97, 4)}


def weights(step: int) -> dict[str, Any]:
    """Move a point on the pad of four styles."""
    across, down = (step % 89) / 89, (step % 53) / 53
    shares = (across * down, across * (1 - down), (1 - across) * down, (1 - across) * (1 - down))
    return {"style": [f"{n}:{0.01 + s:.4f}" for n, s in zip(MIX, shares, strict=True)]}


def color_strength(step: int) -> dict[str, Any]:
    """Move how far the photo's colors are kept, at a strength that is not 1."""
    share = round((step % 97) / 97, 4)
    return {"style": "great-wave", "strength": 0.8, "colors": "match", "color_strength": share}


def palette(step: int) -> dict[str, Any]:
    """Move the strength of a painting in a palette."""
    return strength(step) | {"palette": ["navy,gold,white"]}


CHANGES: Mapping[str, Callable[[int], dict[str, Any]]] = {
    "strength": strength,
    "weights of four": weights,
    "strength of colors": color_strength,
    "strength, in a palette": palette,
}


@contextmanager
def served() -> Iterator[str]:
    """Give the address of a server of its own."""
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "impasto", "serve", "--port", "0", "--folder", folder]
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            lines = (re.search(r"http://[\d.:]+", line) for line in process.stdout)
            try:
                yield next(found[0] for found in lines if found)
            finally:
                process.terminate()


def upload(url: str) -> str:
    """Upload the photo and return its asset's id."""
    with urlopen(Request(f"{url}/v1/assets", PHOTO.read_bytes())) as answer:
        return str(json.load(answer)["id"])


async def measured(
    line: ClientConnection, content: str, size: int, change: Callable[[int], dict[str, Any]], n: int
) -> list[float]:
    """Return the milliseconds of each change, from message to message, one after another."""
    taken = []
    for step in range(WARM + n):
        start = time.perf_counter()
        await line.send(json.dumps({"seq": step, "content": content, "size": size, **change(step)}))
        head = json.loads(await line.recv())
        if "problem" in head:
            raise SystemExit(str(head["problem"]))
        await line.recv()
        taken.append(1000 * (time.perf_counter() - start))
    return taken[WARM:]


async def burst(line: ClientConnection, content: str, size: int, n: int) -> list[int]:
    """Send many changes at once and return the numbers of those that were painted."""
    for step in range(n):
        request = {"seq": step, "content": content, "size": size, **strength(step)}
        await line.send(json.dumps(request))
    painted: list[int] = []
    while not painted or painted[-1] != n - 1:
        painted.append(int(json.loads(await line.recv())["seq"]))
        await line.recv()
    return painted


async def talk(url: str, sizes: list[int], n: int) -> None:
    """Measure all and print it."""
    content = upload(url)
    address = url.replace("http", "ws", 1) + "/v1/live"
    async with connect(address, subprotocols=["impasto.live.v1"], max_size=MOST) as line:  # type: ignore[list-item]
        print(f"{'changed':24}{'size':>6}{'median':>9}{'p95':>9}   ms, of {n}")
        for size in sizes:
            for name, change in CHANGES.items():
                taken = await measured(line, content, size, change, n)
                middle, late = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
                print(f"{name:24}{size:>6}{middle:>9.1f}{late:>9.1f}")
        print(f"of a burst of 50 were painted: {await burst(line, content, sizes[0], 50)}")


def main() -> None:
    """Print how long changes take to be seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="a server that runs, on this machine")
    parser.add_argument("--size", type=int, nargs="+", default=[384, 512], help="long sides")
    parser.add_argument("--count", type=int, default=200, help="changes of each kind")
    chosen = parser.parse_args()
    print(describe_machine())
    if chosen.url:
        asyncio.run(talk(chosen.url, chosen.size, chosen.count))
        return
    with served() as url:
        asyncio.run(talk(url, chosen.size, chosen.count))


if __name__ == "__main__":
    main()
