"""How much memory is left for this process; None where the system does not tell."""

from pathlib import Path

MEMINFO = Path("/proc/meminfo")
CGROUP = Path("/sys/fs/cgroup")


def headroom(meminfo: Path = MEMINFO, cgroup: Path = CGROUP) -> float | None:
    """Return the share of the memory that is left: of the machine's, or of a container's limit."""
    shares = [share for share in (_of_machine(meminfo), _of_container(cgroup)) if share is not None]
    return min(shares, default=None)


def _of_machine(meminfo: Path) -> float | None:
    try:
        lines = (line.split() for line in meminfo.read_text().splitlines())
        known = {words[0].rstrip(":"): int(words[1]) for words in lines if len(words) > 1}
        return known["MemAvailable"] / known["MemTotal"]
    except (OSError, ValueError, LookupError, ZeroDivisionError):
        return None


def _of_container(cgroup: Path) -> float | None:
    try:
        limit = int((cgroup / "memory.max").read_text())
        used = int((cgroup / "memory.current").read_text())
        lines = (line.split() for line in (cgroup / "memory.stat").read_text().splitlines())
        cached = next((int(words[1]) for words in lines if words[0] == "inactive_file"), 0)
        return 1 - (used - cached) / limit
    except (OSError, ValueError, LookupError, ZeroDivisionError):
        return None  # no limit reads "max"
