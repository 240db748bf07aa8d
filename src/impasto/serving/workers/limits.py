"""What a worker may use: memory, time, and nothing that it does not need."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

MB = 1 << 20
RESERVED = 4096  # MB of addresses that libraries reserve and never fill
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
_DIE_WITH_PARENT, _NO_NEW_PRIVILEGES = 1, 38  # of Linux' prctl


@dataclass(frozen=True)
class Limits:
    """Limits of one process; 0 is none.

    The memory counts what is really used, and is watched from outside; where the system can, the
    addresses are limited too, which ends a leap in memory at once.
    """

    memory: int = 0  # MB
    addresses: bool = True  # a GPU's driver maps more than there is memory
    nice: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return the limits as plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Limits":
        """Return the limits of plain values."""
        return cls(**values)

    def apply(self) -> None:
        """Limit this process; what the system does not know is left out."""
        _harden()
        if self.nice and hasattr(os, "nice"):
            os.nice(self.nice)
        if self.memory and self.addresses:
            _limit("RLIMIT_AS", (self.memory + RESERVED) * MB)
        _limit("RLIMIT_CORE", 0)


def limit_processor(seconds: float) -> None:
    """End this process when it computes for so many more seconds: where all else has failed."""
    cores = os.cpu_count() or 1
    _limit("RLIMIT_CPU", int(time.process_time() + seconds * cores) + 5, soft=True)


def memory_of(pid: int) -> int | None:
    """Return the bytes of memory that a process uses; None where nobody tells."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, ValueError, IndexError):
        pass
    if sys.platform != "darwin":
        return None
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, check=False)
    return int(told.stdout) * 1024 if told.stdout.strip().isdigit() else None


def _limit(name: str, most: int, *, soft: bool = False) -> None:
    """Set a limit of the system; ``soft`` ones can be put off again."""
    with contextlib.suppress(ImportError, AttributeError, ValueError, OSError):
        import resource

        kind = getattr(resource, name)
        hard = resource.getrlimit(kind)[1]
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (least, hard if soft else least))


def _harden() -> None:
    """Never gain rights by a program that is started, and end when the server does."""
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        library.prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
