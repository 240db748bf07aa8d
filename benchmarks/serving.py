"""What serving costs: pictures a second beside the bare engine, waiting at 70 % load, memory.

The bare engine is one process that takes the bytes of a JPEG and gives those of a signed painting,
with all cores, by the best of its ways to share them. The server paints the same photo for 32
clients over HTTP, each time as a new upload. The generator of the load runs on the same cores, so
its own processor time is measured and taken off.
"""

import argparse
import io
import itertools
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from benchmarks.cold_start import IMPASTO
from benchmarks.load import ideal, moments
from benchmarks.machine import describe_machine, options, photo
from impasto.device.processor import usable_cores
from impasto.methods.fast import FastStylizer
from impasto.methods.stylize import stylize_file
from impasto.styles.gallery import built_in

SIDE = 512
SHARE = 0.7  # of what the server can, in the second half
TICKS = 100  # of processor time a second, in /proc


def paint(stylizer: FastStylizer, data: bytes, style: str) -> bytes:
    """Return the bytes of a painting for those of a photo."""
    file = io.BytesIO()
    stylize_file(data, file, style, stylizer=stylizer, format="jpg")
    return file.getvalue()


def bare(data: bytes, seconds: float) -> dict[str, float]:
    """Return the pictures a second of the bare engine, by the way it shares the cores."""
    cores, styles = usable_cores(), sorted(built_in())
    whole = FastStylizer.open()
    ways = {
        f"one at a time, {cores} threads": [whole],
        f"two at a time, {cores} threads": [whole, whole],
        f"{cores} at a time, 1 thread each": [FastStylizer.open(threads=1) for _ in range(cores)],
    }
    return {name: _pace(stylizers, data, styles, seconds) for name, stylizers in ways.items()}


def _pace(
    stylizers: Sequence[FastStylizer], data: bytes, styles: Sequence[str], seconds: float
) -> float:
    for stylizer in {id(one): one for one in stylizers}.values():
        paint(stylizer, data, styles[0])
    start = time.perf_counter()

    def work(number: int) -> int:
        # Each thread has its share of the styles, so none waits for another's turn.
        own, count = itertools.cycle(styles[number :: len(stylizers)]), 0
        while time.perf_counter() - start < seconds:
            paint(stylizers[number], data, next(own))
            count += 1
        return count

    with ThreadPoolExecutor(len(stylizers)) as threads:
        count = sum(threads.map(work, range(len(stylizers))))
    return count / (time.perf_counter() - start)


@contextmanager
def server(*flags: str) -> Iterator[tuple[str, int]]:
    """Run a server in a folder that is removed afterwards; give its address and process number."""
    with tempfile.TemporaryDirectory() as folder:
        command = [*IMPASTO, "serve", "--port", "0", "--folder", folder, *flags]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            first = process.stdout.readline().split()  # "Studio    http://127.0.0.1:34567/"
            if len(first) < 2:
                raise SystemExit("The server did not start.")
            yield first[1].rstrip("/"), process.pid
        finally:
            process.terminate()
            process.communicate(timeout=60)


def load(url: str, path: Path, *flags: str) -> dict[str, Any]:
    """Return what the load generator saw, run as a process of its own."""
    command = [sys.executable, "-m", "benchmarks.load", url, str(path), *flags]
    measured: dict[str, Any] = json.loads(subprocess.check_output(command, text=True))
    if measured["refused"]:
        raise SystemExit(f"The server refused requests: {measured['refused']}")
    return measured


def null_cost(path: Path, size: int, seconds: float) -> float:
    """Return the generator's processor time for one picture, against a server that does nothing."""
    command = [sys.executable, "-m", "benchmarks.load", "--null", str(size)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            measured = load(url, path, "--seconds", str(seconds))
        finally:
            process.terminate()
    return float(measured["processor_s"]) / len(measured["latencies"])


def processor_s(process: int) -> float:
    """Return the processor time that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_mb(process: int) -> float:
    """Return the largest memory that a process has had."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1000


def workers(process: int) -> dict[int, str]:
    """Return the worker processes of a server, by what they do."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return {int(one): Path(f"/proc/{one}/cmdline").read_text().split("\0")[-2] for one in children}


def capacity(url: str, path: Path, process: int, clients: int, seconds: float) -> float:
    """Print what the server can do at most, and return its pictures a second as they came."""
    before, team = processor_s(process), {one: processor_s(one) for one in workers(process)}
    seen = load(url, path, "--clients", str(clients), "--seconds", str(seconds))
    count, own = len(seen["latencies"]), (processor_s(process) - before)
    painting = sum(processor_s(one) - start for one, start in team.items())
    # Without the generator its share of the cores would have been the server's.
    corrected: float = count / (seen["seconds"] - seen["processor_s"] / usable_cores())
    print(f"server, {clients} clients {corrected:31.2f} pictures/s")
    print(f"  processor time a picture: server {own / count * 1e3:.1f} ms, workers "
          f"{painting / count * 1e3:.1f} ms, generator {seen['processor_s'] / count * 1e3:.2f} ms "
          "(taken off)")  # fmt: skip
    return corrected


def waiting(url: str, path: Path, pace: float, painters: int, seconds: float) -> None:
    """Print how long clients wait that come evenly, or at random moments, which queues make of."""
    rate = SHARE * pace
    print(f"at {rate:.1f} pictures/s, {SHARE:.0%} of that")
    for name, flags in (("even", ["--even"]), ("random", [])):
        seen = load(url, path, "--rate", f"{rate:.3f}", "--seconds", str(seconds), *flags)
        tell(f"{name} arrivals", seen["latencies"])
    # What no server of so many painters can beat at this pace.
    tell("random, ideal queue", ideal(moments(rate, seconds), painters, painters / pace))


def tell(name: str, times: list[float]) -> None:
    """Print median and 99th of 100."""
    middle, late = median(times), quantiles(times, n=100)[98]
    print(f"  {name:22} median {middle * 1e3:5.0f} ms, p99 {late * 1e3:5.0f} ms, "
          f"p99 / median {late / middle:.2f}, {len(times)} pictures")  # fmt: skip


def chosen_options() -> argparse.Namespace:
    """Return what was typed."""
    parser = options(__doc__ or "", rounds=2)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=30, help="of each measurement")
    parser.add_argument("--side", type=int, default=SIDE, help="of the photo")
    parser.add_argument("--serve", nargs="*", default=[], help="flags of impasto serve, as port=0")
    return parser.parse_args()


def main() -> None:
    """Print the figures."""
    chosen = chosen_options()
    print(f"Photos of {chosen.side} x {chosen.side}. {describe_machine()}")
    flags = [part for one in chosen.serve for part in f"--{one}".split("=")]
    with photo(chosen.side, chosen.side) as path:
        data = path.read_bytes()
        size = len(paint(FastStylizer.open(), data, "starry-night"))
        print(f"generator alone: {null_cost(path, size, 3) * 1e3:.2f} ms a picture")
        best, paces = 0.0, []
        for _ in range(chosen.rounds):  # in turns, so that load hits all alike
            for name, pace in bare(data, chosen.seconds / 3).items():
                print(f"bare engine, {name:30} {pace:8.2f} pictures/s")
                best = max(best, pace)
            with server(*flags) as (url, process):
                load(url, path, "--seconds", "3")
                paces.append(capacity(url, path, process, chosen.clients, chosen.seconds))
                painters = list(workers(process).values()).count("paint")
                waiting(url, path, paces[-1], painters, chosen.seconds)
                for one, role in {process: "server", **workers(process)}.items():
                    print(f"  memory of {role:10} {memory_mb(one):6.0f} MB")
        print(f"server / bare engine: {max(paces) / best:.2f}")


if __name__ == "__main__":
    main()
