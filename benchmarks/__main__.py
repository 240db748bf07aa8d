"""Run every benchmark, one after the other: ``python -m benchmarks``."""

from benchmarks import cold_start, distinct_styles, memory, network_time, sizes


def main() -> None:
    """Print all tables."""
    for benchmark in (network_time, sizes, cold_start, memory, distinct_styles):
        benchmark.main()
        print()


if __name__ == "__main__":
    main()
