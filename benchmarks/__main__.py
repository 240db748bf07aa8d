"""Run every benchmark, one after the other: ``python -m benchmarks``."""

from benchmarks import cold_start, memory, network_time


def main() -> None:
    """Print all tables."""
    for benchmark in (network_time, cold_start, memory):
        benchmark.main()
        print()


if __name__ == "__main__":
    main()
