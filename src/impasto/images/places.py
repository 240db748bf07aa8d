"""Places for files: checked before any work, filled whole or not at all."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from impasto.errors import OutputError, OutputExists


def check_place(path: Path, overwrite: bool, sidecar: bool = False) -> None:
    """Raise OutputError where a file, or a sidecar if there is one, cannot be written."""
    try:
        _check_vacant(path, overwrite, sidecar)
        part = _part_path(path)
        part.open("wb").close()  # the honest test of folder, name and disk
        part.unlink()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the name is not valid"
        raise OutputError(f'"{path}" cannot be written: {reason}.') from error


@contextlib.contextmanager
def beside(path: Path, sidecar: bytes | None = None) -> Iterator[BinaryIO]:
    """Open a file beside the path, for ``with``: it is moved there at the end of the block.

    After an error or an interruption nothing is left of it, and what was at the path stays.

    Args:
        sidecar: the content of a second file, the name with ``.xmp`` added.
    """
    extra = sidecar_path(path)
    parts = [_part_path(path), _part_path(extra)]
    try:
        with parts[0].open("wb") as file:
            yield file
        if sidecar is not None:
            parts[1].write_bytes(sidecar)
            parts[1].replace(extra)
        parts[0].replace(path)
    finally:
        for part in parts:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)


def sidecar_path(path: Path) -> Path:
    """Return where the metadata of a picture goes that its format has no place for.

    >>> sidecar_path(Path("out.gif")).name
    'out.gif.xmp'
    """
    return path.with_name(path.name + ".xmp")


def _check_vacant(path: Path, overwrite: bool, sidecar: bool) -> None:
    if not path.parent.is_dir():
        raise OutputError(f'There is no folder "{path.parent}". Make it: mkdir -p "{path.parent}"')
    if path.is_dir():
        raise OutputError(f'The output "{path}" is a folder. Name a file.')
    for taken in (path, sidecar_path(path)) if sidecar else (path,):
        if os.path.lexists(taken) and not overwrite:
            raise OutputExists(
                f'"{taken}" is there already. Choose another --output, or replace it: --overwrite'
            )


def _part_path(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}.part")
