"""Where a training runs: device, number format, and how many processes share it."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass

import torch
import torch.distributed as distributed
from torch import Tensor

from impasto.device.processor import best_precision, this_processor
from impasto.errors import TrainingError
from impasto.settings.training import TrainingSettings

FORMATS = {"bf16": torch.bfloat16, "f16": torch.float16, "f32": torch.float32}


@dataclass(frozen=True)
class Machine:
    """A device, the number format of networks on it, and the place of this process among all."""

    device: torch.device
    dtype: torch.dtype = torch.float32
    rank: int = 0
    count: int = 1

    def autocast(self) -> torch.autocast:
        """Return what makes networks compute in the number format."""
        half = self.dtype != torch.float32
        return torch.autocast(self.device.type, dtype=self.dtype if half else None, enabled=half)

    def summed(self, values: Tensor) -> Tensor:
        """Return the sum of tensors of all processes; each must ask."""
        if self.count > 1:
            distributed.all_reduce(values)
        return values

    def agreed(self, value: float) -> float:
        """Return a number as the first process has it; each must ask."""
        if self.count == 1:
            return value
        told = torch.tensor([value], dtype=torch.float32, device=self.device)
        distributed.broadcast(told, 0)
        return float(told)


@contextlib.contextmanager
def joined(settings: TrainingSettings) -> Iterator[Machine]:
    """Give the machine of a training; one of several processes where torchrun started them."""
    count = int(os.environ.get("WORLD_SIZE", "1"))
    rank = int(os.environ.get("RANK", "0"))
    device = device_of(settings.device, int(os.environ.get("LOCAL_RANK", "0")))
    if count == 1:
        yield Machine(device, dtype_of(settings.precision, device))
        return
    if device.type == "cuda":
        torch.cuda.set_device(device)
    distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        yield Machine(device, dtype_of(settings.precision, device), rank, count)
    finally:
        distributed.destroy_process_group()


def device_of(name: str, index: int = 0) -> torch.device:
    """Return the device that is meant; raise TrainingError where torch does not have it."""
    cuda, mps = torch.cuda.is_available(), torch.backends.mps.is_available()
    if name == "auto":
        name = "cuda" if cuda else "mps" if mps else "cpu"
    if (name == "cuda" and not cuda) or (name == "mps" and not mps):
        raise TrainingError(
            f"torch finds no {name} here. Leave --device out, or install a torch that has it; "
            "impasto doctor tells what is there."
        )
    return torch.device(name, index) if name == "cuda" else torch.device(name)


def dtype_of(precision: str, device: torch.device) -> torch.dtype:
    """Return the number format; of its own accord bf16 where the device computes in it."""
    if precision != "auto":
        return FORMATS[precision]
    if device.type == "cpu":
        return FORMATS[best_precision(this_processor())]
    return FORMATS["bf16" if device.type == "cuda" and torch.cuda.is_bf16_supported() else "f32"]
