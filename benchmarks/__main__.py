"""Run every benchmark, one after the other: ``python -m benchmarks``."""

from benchmarks import (
    batching,
    cold_start,
    distinct_styles,
    gatys,
    memory,
    network_time,
    optimize,
    optimize_memory,
    queue,
    serving,
    sizes,
)

ALL = (
    network_time, sizes, cold_start, memory, distinct_styles, optimize, gatys, optimize_memory,
    queue, batching, serving,
)  # fmt: skip


def main() -> None:
    """Print all tables."""
    for benchmark in ALL:
        benchmark.main()
        print()


if __name__ == "__main__":
    main()
