"""Where torch computes, and in which number format."""

import torch

from impasto.device.processor import best_precision, this_processor
from impasto.errors import EngineError

FORMATS = {"bf16": torch.bfloat16, "f16": torch.float16, "f32": torch.float32}


def device_of(name: str, index: int = 0, *, metal: bool = False) -> torch.device:
    """Return the device that a name means; raise EngineError where it is not here.

    Args:
        name: as torch names it; ``auto`` is the first GPU, or else the processor.
        index: which of several GPUs, where the name does not say.
        metal: ``auto`` may be the GPU of a Mac as well.
    """
    if name == "auto":
        mac = metal and torch.backends.mps.is_available()
        name = "cuda" if torch.cuda.is_available() else "mps" if mac else "cpu"
    try:
        device = torch.device(name, index) if name == "cuda" else torch.device(name)
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError) as error:
        raise EngineError(
            f'The device "{name}" is not here ({str(error).splitlines()[0]}). Choose auto, or see: '
            "impasto doctor"
        ) from error
    return device


def dtype_of(precision: str, device: torch.device) -> torch.dtype:
    """Return the number format of that name; ``auto`` is bf16 where the device computes in it."""
    if precision != "auto":
        return FORMATS[precision]
    if device.type == "cpu":
        return FORMATS[best_precision(this_processor())]
    return FORMATS["bf16" if device.type == "cuda" and torch.cuda.is_bf16_supported() else "f32"]
