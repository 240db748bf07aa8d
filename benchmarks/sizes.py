"""What 3840 x 2160 costs: the network, tiles of any side, strokes, colors, the whole command."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.cold_start import IMPASTO, seconds_of
from benchmarks.machine import describe_machine, interleaved, options, photo, row
from impasto.engines.registry import open_engine
from impasto.images.source import open_picture
from impasto.methods.fast import FastStylizer
from impasto.methods.paint import painted_strips
from impasto.methods.stylize import method_of
from impasto.settings.stylize import StylizeSettings
from impasto.weights.models import open_model

HEIGHT, WIDTH = 2160, 3840
SIDES = (512, 1024, 2048, 3840)
CONTROLS: dict[str, dict[str, Any]] = {
    "relative strokes": {"strokes": "relative"},
    "strokes 2": {"strokes": "2"},
    "colors content": {"strokes": "native", "colors": "content"},
    "colors match": {"strokes": "native", "colors": "match"},
    "palette": {"strokes": "native", "palette": ("navy", "gold", "white")},
}


def network(model: Path) -> Callable[[], object]:
    """Return what runs the painting network on the whole picture at once, and nothing else."""
    folder, engine = open_model(model), open_engine()
    random = np.random.default_rng(0)
    thumbnail = random.random((1, 3, 288, 512), np.float32)
    vector = FastStylizer.open(model).encode(thumbnail[0].transpose(1, 2, 0))
    measured = engine.load(folder.prepare).run({"thumbnail": thumbnail, "vector": vector[None]})
    window = random.random((1, 3, HEIGHT, WIDTH), np.float32)
    paint = engine.load(folder.paint)
    return lambda: paint.run({"window": window, **measured})


def main() -> None:
    """Print the tables."""
    parser = options(__doc__ or "", rounds=3)
    parser.add_argument("--style", default="starry-night", help="gallery name or painting")
    chosen = parser.parse_args()
    print(f"{WIDTH} x {HEIGHT}. {describe_machine()}")
    stylizer = FastStylizer.open(chosen.model)
    style = stylizer.style([chosen.style])
    with photo(HEIGHT, WIDTH) as path:
        source = open_picture(path)
        plain = stylizer.prepare(source, style)
        works = {"network alone, whole": network(chosen.model)}
        for side in SIDES:
            works[f"painting, tiles of {side}"] = lambda side=side: list(  # type: ignore[misc]
                painted_strips(plain, 8, tile=side)
            )
        for name, controls in CONTROLS.items():
            painter = method_of(stylizer, StylizeSettings(**controls)).prepare(source, style)
            works[name] = lambda painter=painter: list(painted_strips(painter, 8))  # type: ignore[misc]
        for name, seconds in interleaved(works, chosen.rounds).items():
            print(row(name, seconds))
        for strokes in ("native", "relative"):
            command = (
                *IMPASTO, "stylize", str(path), "-o", str(path.with_name("out.jpg")), "--overwrite",
                "--style", chosen.style, "--strokes", strokes, "--model", str(chosen.model),
            )  # fmt: skip
            print(row(f"whole command, {strokes}", seconds_of(command, chosen.rounds)))


if __name__ == "__main__":
    main()
