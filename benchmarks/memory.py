"""How much memory painting takes at its peak, for small and for large pictures."""

import os
import subprocess
import sys
from collections.abc import Sequence

from benchmarks.machine import describe_machine, options, photo

SIZES = ((512, 512), (1080, 1920), (2160, 3840), (4320, 7680))


def peak(command: Sequence[str]) -> float:
    """Return the largest resident memory of a command in MB; raise if it fails."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed.")
    return usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)  # macOS counts bytes


def main() -> None:
    """Print the peak for each size."""
    parser = options(__doc__ or "", rounds=1)
    parser.add_argument("--style", default="starry-night", help="gallery name or painting")
    chosen = parser.parse_args()
    print(f"Peak resident memory of impasto stylize. {describe_machine()}")
    for height, width in SIZES:
        with photo(height, width) as path:
            output = path.with_name("out.jpg")
            command: Sequence[str] = (
                sys.executable,
                "-m",
                "impasto",
                "stylize",
                str(path),
                "-o",
                str(output),
            )
            command = (
                *command,
                "--style",
                chosen.style,
                "--model",
                str(chosen.model),
                "--overwrite",
            )
            most = max(peak(command) for _ in range(chosen.rounds))
        print(f"{width} x {height:<10}{most:8.0f} MB")


if __name__ == "__main__":
    main()
