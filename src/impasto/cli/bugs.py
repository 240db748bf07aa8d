"""When Impasto itself fails: a report file that the user can send."""

import platform
import shlex
import sys
import traceback
from collections.abc import Sequence

from impasto.version import __version__


def bug_report(error: Exception, words: Sequence[str]) -> str:
    """Write a report beside the caches and return the line that names it."""
    from impasto.device.folders import cache_folder

    line = f"This is a bug in Impasto: {type(error).__name__}: {error}."
    path = cache_folder() / "bug-report.txt"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_report(error, words), encoding="utf-8")
    except OSError:
        return f"{line} Run it again with IMPASTO_DEBUG=1 and report what it prints."
    return f"{line} Please report it with the file {path}"


def _report(error: Exception, words: Sequence[str]) -> str:
    facts = [
        f"impasto {__version__}",
        f"Python {sys.version}",
        platform.platform(),
        f"command: impasto {shlex.join(words)}",
        "",
    ]
    return "\n".join(facts) + "".join(traceback.format_exception(error))
