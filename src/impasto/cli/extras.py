"""Optional parts that are not installed answer with the command that installs them."""

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager

from impasto.errors import MissingExtra

EXTRA_OF = {
    "torch": "train",
    "onnx": "train",
    "onnxscript": "train",
    "optuna": "search",
    "onnxruntime": "onnx",
    "pyvips": "huge",
    "fastapi": "serve",
    "uvicorn": "serve",
    "python_multipart": "serve",
    "websockets": "serve",
    "prometheus_client": "serve",
    "fsspec": "serve",
    "s3fs": "s3",
}


@contextmanager
def needs_extras(purpose: str) -> Iterator[None]:
    """Turn the missing package of an extra into MissingExtra, around the imports that need it."""
    try:
        yield
    except ModuleNotFoundError as error:
        extra = EXTRA_OF.get((error.name or "").split(".")[0])
        if extra is None:
            raise
        raise MissingExtra(purpose, extra) from error


def check_extra(purpose: str, package: str) -> None:
    """Raise MissingExtra where a package of an extra is not installed; nothing is loaded."""
    if importlib.util.find_spec(package) is None:
        raise MissingExtra(purpose, EXTRA_OF[package])
