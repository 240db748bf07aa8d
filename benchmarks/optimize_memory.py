"""How much memory an optimisation takes at its peak, up to print size; a few steps show it."""

import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

from benchmarks.machine import describe_machine, encoder_options, options, photo
from benchmarks.memory import peak
from impasto.images.patterns import render
from impasto.images.samples import to_samples

SIDES = (2048, 8192)  # long sides; of 3 and 45 million pixels
PROGRAM = """
import sys
from pathlib import Path
from impasto.methods.optimize.work import optimize_file
photo, output, style, steps, encoder, weights = sys.argv[1:]
given = {"weights": Path(weights)} if weights else {}
optimize_file(
    photo, output, style, preset="print", steps=int(steps), encoder=encoder, overwrite=True, **given
)
"""


def main() -> None:
    """Print peak and time for each size."""
    parser = encoder_options(options(__doc__ or "", rounds=1))
    parser.add_argument("--side", type=int, nargs="+", default=SIDES, help="long sides, in pixels")
    parser.add_argument("--steps", type=int, default=2, help="of all scales together; few suffice")
    chosen = parser.parse_args()
    print(f"Peak resident memory of an optimisation for print. {describe_machine()}")
    with tempfile.TemporaryDirectory() as folder:
        style = Path(folder) / "oil-impasto.png"
        Image.fromarray(to_samples(render("oil-impasto", 1), 8)).save(style)
        for side in chosen.side:
            height = side * 2 // 3
            with photo(height, side) as path:
                words = [path, path.with_name("out.png"), style, chosen.steps]
                words += [chosen.encoder, chosen.weights or ""]
                begun = time.perf_counter()
                most = peak((sys.executable, "-c", PROGRAM, *map(str, words)))
                taken = time.perf_counter() - begun
            print(f"{side} x {height:<10}{most:8.0f} MB   {chosen.steps} steps, {taken:.0f} s")


if __name__ == "__main__":
    main()
