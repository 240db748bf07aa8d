"""What a user waits for: whole commands in fresh processes, from typing to the prompt."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.machine import describe_machine, options, photo, row

IMPASTO = (sys.executable, "-m", "impasto")


def seconds_of(command: Sequence[str], rounds: int, **environment: str) -> list[float]:
    """Return the wall time of a command in fresh processes; raise if it fails."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        done = subprocess.run(
            command, env={**os.environ, **environment}, capture_output=True, text=True, check=False
        )
        times.append(time.perf_counter() - start)
        if done.returncode:
            raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr}")
    return times


def main() -> None:
    """Print the median of each command."""
    parser = options(__doc__ or "", rounds=7)
    parser.add_argument("--style", default="starry-night", help="gallery name or painting")
    chosen = parser.parse_args()
    print(f"Whole commands in fresh processes. {describe_machine()}")
    print(row("python -c pass", seconds_of((sys.executable, "-c", "pass"), chosen.rounds)))
    print(row("impasto --help", seconds_of((*IMPASTO, "--help"), chosen.rounds)))
    with photo(512, 512) as path, tempfile.TemporaryDirectory() as cache:
        output = Path(cache) / "out.jpg"
        command: tuple[str, ...] = (
            *IMPASTO,
            "stylize",
            str(path),
            "--style",
            chosen.style,
            "-o",
            str(output),
        )
        command += ("--overwrite", "--model", str(chosen.model))
        first = seconds_of(command, 1, IMPASTO_CACHE=cache)
        print(row("impasto stylize, 512 px, first time ever", first))
        again = seconds_of(command, chosen.rounds, IMPASTO_CACHE=cache)
        print(row("impasto stylize, 512 px", again))


if __name__ == "__main__":
    main()
