"""How much faster the painter's network is than a MicroAST-shaped one, in the same run."""

import statistics
from pathlib import Path

import torch

from benchmarks.machine import describe_machine, interleaved, options, row
from benchmarks.microast import PARAMETERS, MicroAst
from impasto.engines.registry import open_engine
from impasto.weights.models import open_model


def measure(model: Path, side: int, rounds: int) -> dict[str, list[float]]:
    """Return the seconds of every run: MicroAST in eager torch float32, then our graphs."""
    torch.manual_seed(0)
    theirs = MicroAst().eval()
    assert sum(p.numel() for p in theirs.parameters()) == PARAMETERS
    content, style = torch.rand(1, 3, side, side), torch.rand(1, 3, side, side)

    folder, engine = open_model(model), open_engine()
    prepare, paint = engine.load(folder.prepare), engine.load(folder.paint)
    thumbnail = {"thumbnail": content.numpy()}
    if folder.encode:
        thumbnail |= {
            "vector": engine.load(folder.encode).run({"picture": style.numpy()})["vector"]
        }
    window = {"window": content.numpy(), "statistics": prepare.run(thumbnail)["statistics"]}
    with torch.inference_mode():
        return interleaved(
            {
                "MicroAST, torch float32, content and style": lambda: theirs(content, style),
                f"painter, {engine.name} {engine.precision}, the picture": lambda: paint.run(
                    window
                ),
                "painter, statistics of its thumbnail": lambda: prepare.run(thumbnail),
            },
            rounds,
        )


def main() -> None:
    """Print the table and the ratio."""
    parser = options(__doc__ or "", rounds=15)
    parser.add_argument("--side", type=int, default=512, help="pixels of height and width")
    chosen = parser.parse_args()
    print(f"Network time at {chosen.side} x {chosen.side}. {describe_machine()}")
    seconds = measure(chosen.model, chosen.side, chosen.rounds)
    for name, runs in seconds.items():
        print(row(name, runs))
    theirs, ours, _ = seconds.values()
    median = statistics.median(theirs) / statistics.median(ours)
    print(
        f"The painter is {median:.1f} times faster (fastest runs: {min(theirs) / min(ours):.1f})."
    )


if __name__ == "__main__":
    main()
