"""The checks of ``impasto doctor``, each with the command that fixes what it finds."""

import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from impasto.version import __version__


@dataclass(frozen=True)
class Check:
    """One finding: what was looked at, whether it is well, and how to mend it."""

    topic: str
    ok: bool
    text: str
    fix: str = ""
    optional: bool = False


def all_checks() -> Iterator[Check]:
    """Give every check in the order that a reader wants."""
    yield Check("impasto", True, __version__)
    yield Check("python", True, f"{platform.python_version()} ({sys.executable})")
