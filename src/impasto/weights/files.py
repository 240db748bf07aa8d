"""Files of weights: hashes, writing whole or not at all, safetensors as NumPy arrays."""

import contextlib
import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy.typing as npt
from safetensors import SafetensorError
from safetensors.numpy import load, save

from impasto.errors import ModelError, OutputError

Arrays = dict[str, npt.NDArray[Any]]


def sha256_of(data: Path | bytes) -> str:
    """Return the SHA-256 of a file or of bytes, in hexadecimal.

    >>> sha256_of(b"paint")[:12]
    '297e619db5ee'
    """
    if isinstance(data, bytes):
        return hashlib.sha256(data).hexdigest()
    with data.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_atomically(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Write a file whole or not at all, also when the machine stops; make its folder if missing.

    Raises OutputError where it cannot be written; what lay there before is then untouched.
    """
    part = path.with_name(f".{path.name}.{os.urandom(4).hex()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("xb") as file:
            file.writelines((data,) if isinstance(data, bytes) else data)
            file.flush()
            os.fsync(file.fileno())  # or the rename could survive a power cut and the bytes not
        os.replace(part, path)
    except OSError as error:
        raise OutputError(
            f"Cannot write {path}: {error.strerror or error}. Choose another folder, or free space."
        ) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink()


def load_safetensors(path: Path) -> Arrays:
    """Return the arrays of a safetensors file; raise ModelError if it is missing or damaged."""
    try:
        return load(path.read_bytes())
    except FileNotFoundError as error:
        raise ModelError(f"There is no weights file {path}. Check the path.") from error
    except OSError as error:
        raise ModelError(f"Cannot read {path}: {error.strerror or error}.") from error
    except (SafetensorError, KeyError, TypeError, ValueError) as error:
        raise ModelError(
            f"{path} is not a whole safetensors file ({error}). Copy or download it again."
        ) from error


def save_safetensors(path: Path, arrays: Arrays, metadata: Mapping[str, str] | None = None) -> None:
    """Write arrays as a safetensors file, whole or not at all; or raise OutputError."""
    write_atomically(path, save(arrays, dict(metadata) if metadata else None))
