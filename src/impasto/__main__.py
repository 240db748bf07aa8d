"""The command ``impasto``, also as ``python -m impasto``."""

import signal
import sys


def run() -> int:
    """Run the command line of this process and return its exit code.

    Ctrl-C is heard from the first moment, and a request to end (SIGTERM, as of ``timeout`` and job
    queues) means the same: nothing half-written stays.
    """
    try:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        from impasto.cli.app import main

        return main()
    except KeyboardInterrupt:
        sys.stderr.write("impasto: stopped\n")
        return 130


if __name__ == "__main__":
    sys.exit(run())
