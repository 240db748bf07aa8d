"""Folders of the user: caches that may be deleted, and data such as own styles that may not.

``IMPASTO_CACHE`` and ``IMPASTO_HOME`` name other places. Nothing here creates a folder.
"""

import os
import sys
import tempfile
from pathlib import Path

NAME = "impasto"


def cache_folder() -> Path:
    """Return where compiled models lie; deleting it costs only time."""
    return _folder("IMPASTO_CACHE", "XDG_CACHE_HOME", (".cache",), ("Library", "Caches"), "Cache")


def data_folder() -> Path:
    """Return where the user's own styles lie."""
    application = ("Library", "Application Support")
    return _folder("IMPASTO_HOME", "XDG_DATA_HOME", (".local", "share"), application, "Data")


def _folder(own: str, xdg: str, linux: tuple[str, ...], mac: tuple[str, ...], windows: str) -> Path:
    if chosen := os.environ.get(own):
        return Path(chosen).expanduser().absolute()
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
        return (Path(base) if base else _home() / "AppData" / "Local") / NAME / windows
    if sys.platform == "darwin":
        return _home().joinpath(*mac) / NAME
    base = os.environ.get(xdg, "")
    # The XDG specification: a relative path there counts as unset.
    return (Path(base) if os.path.isabs(base) else _home().joinpath(*linux)) / NAME


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:  # a user without an entry, as in some containers
        user = os.getuid() if hasattr(os, "getuid") else 0
        return Path(tempfile.gettempdir()) / f"{NAME}-{user}"
