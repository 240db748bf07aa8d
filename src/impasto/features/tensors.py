"""Tensors of a weights file: safetensors, or PyTorch's .pth without running what it may hold."""

import pickle
import warnings
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from impasto.errors import ModelError

SUFFIXES = (".pth", ".pt")


def load_tensors(path: Path) -> dict[str, Tensor]:
    """Return the tensors of a weights file by name, on the CPU.

    ``.pth`` and ``.pt`` are unpickled by PyTorch's restricted reader, which builds tensors and runs
    no code; every other file is read as safetensors.

    Raises:
        ModelError: the file cannot be read, is damaged, or holds anything but named tensors.
    """
    try:
        if path.suffix in SUFFIXES:
            with warnings.catch_warnings():  # of what is refused anyway
                warnings.simplefilter("ignore")
                found = torch.load(path, map_location="cpu", weights_only=True)
        else:
            found = load_file(path)
    except pickle.UnpicklingError as error:
        raise ModelError(
            f"{path} holds more than tensors and is refused, because opening it could run code. "
            "Give a file that holds a state_dict alone, or safetensors."
        ) from error
    except (OSError, RuntimeError, EOFError, KeyError, ValueError, SafetensorError) as error:
        raise ModelError(
            f"{path} is not a whole weights file ({_first_line(error)}). Copy or download it again."
        ) from error
    if not isinstance(found, dict) or not all(isinstance(t, Tensor) for t in found.values()):
        raise ModelError(
            f"{path} does not hold named tensors. Give a file that holds a state_dict alone."
        )
    return found


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
