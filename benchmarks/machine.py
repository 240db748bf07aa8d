"""What every figure needs beside it: the machine, its load, and honest repetition."""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image

from impasto.device.processor import this_processor

PAINTER = Path(__file__).parents[1] / "src" / "impasto" / "models" / "painter"


def describe_machine() -> str:
    """Return one line: processor, cores, features, load of the last minute."""
    processor = this_processor()
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    features = " ".join(sorted(processor.features)) or "unknown"
    return f"{processor.name}, {processor.cores} cores ({features}), load {load}"


def interleaved(
    works: Mapping[str, Callable[[], object]], rounds: int, rest: float = 0.05
) -> dict[str, list[float]]:
    """Return the seconds of every run of every work, taken in turns so that load hits all alike.

    Each timed run follows an untimed one, and a rest in which the others' idle threads fall asleep.
    """
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            time.sleep(rest)
            work()
            start = time.perf_counter()
            work()
            seconds[name].append(time.perf_counter() - start)
    return seconds


def row(name: str, seconds: list[float]) -> str:
    """Return one line of a table: name, median and fastest in milliseconds."""
    median, fastest = statistics.median(seconds) * 1e3, min(seconds) * 1e3
    return f"{name:44}median {median:8.1f} ms   fastest {fastest:8.1f} ms"


@contextmanager
def photo(height: int, width: int) -> Iterator[Path]:
    """Give the path of a JPEG with shapes and grain, in a folder that is removed afterwards."""
    rows, columns = np.mgrid[:height, :width].astype(np.float32) / 512
    waves = [
        np.sin(rows * 9 + 3 * np.cos(columns * 5)),
        np.cos(columns * 11),
        np.sin(rows * columns * 7),
    ]
    grain = np.random.default_rng(0).normal(0, 8, (height, width, 1)).astype(np.float32)
    pixels = np.clip(128 + 90 * np.stack(waves, -1) + grain, 0, 255).astype(np.uint8)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "photo.jpg"
        Image.fromarray(pixels).save(path, quality=92)
        yield path


def options(about: str, rounds: int) -> argparse.ArgumentParser:
    """Return a parser with the options that all benchmarks share."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--model", type=Path, default=PAINTER, help="model folder")
    parser.add_argument("--rounds", type=int, default=rounds, help="timed runs of each")
    return parser


def encoder_options(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Add what chooses the encoder of an optimisation."""
    parser.add_argument("--encoder", default="embedded", help="what sees, as in the settings")
    parser.add_argument("--weights", type=Path, help="its weights, where they are not at hand")
    return parser
