"""Where a training runs: device, number format, and how many processes share it."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass

import torch
import torch.distributed as distributed
from torch import Tensor

from impasto.features.devices import device_of, dtype_of
from impasto.settings.training import TrainingSettings


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
    device = device_of(settings.device, int(os.environ.get("LOCAL_RANK", "0")), metal=True)
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
