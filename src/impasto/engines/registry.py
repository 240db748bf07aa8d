"""Which engines there are, and how one is opened by name."""

from collections.abc import Callable
from typing import Literal

from impasto.engines.base import Engine
from impasto.errors import EngineError, did_you_mean

PRECISIONS = ("auto", "f32", "bf16", "f16")


def _openvino(device: str, threads: int, precision: str) -> Engine:
    from impasto.engines.openvino import OpenvinoEngine

    return OpenvinoEngine(device, threads, precision)


def _onnxruntime(device: str, threads: int, precision: str) -> Engine:
    from impasto.engines.onnxruntime import OnnxruntimeEngine

    return OnnxruntimeEngine(device, threads, precision)


def _torch(device: str, threads: int, precision: str) -> Engine:
    from impasto.engines.torch import TorchEngine

    return TorchEngine(device, threads, precision)


ENGINES: dict[str, Callable[[str, int, str], Engine]] = {
    "openvino": _openvino,  # processors, and Intel's graphics; the fastest on a processor
    "onnxruntime": _onnxruntime,  # extra "onnx"
    "torch": _torch,  # extra "train": NVIDIA and Apple graphics
}
# Kinds of device that each engine knows; what is really there is found when it is opened.
DEVICES: dict[str, tuple[str, ...]] = {
    "openvino": ("auto", "cpu", "gpu", "npu"),
    "onnxruntime": ("auto", "cpu", "cuda"),
    "torch": ("auto", "cpu", "cuda", "mps"),
}


def open_engine(
    name: str = "auto", *, device: str = "auto", threads: int = 0, precision: str = "auto"
) -> Engine:
    """Open an engine.

    Args:
        name: ``openvino``, ``onnxruntime``, ``torch``; ``auto`` is the first that knows the device.
        device: ``auto`` (the processor, for torch the best there is), ``cpu``, ``gpu``, ``cuda``...
        threads: 0 takes what is best.
        precision: ``auto`` (what the device computes natively), ``f32``, ``bf16``, ``f16``.

    Raises:
        EngineError: unknown engine, device or precision, or none of that kind here.
        MissingExtra: the engine is not installed; the message has the command.
    """
    kind = device.partition(":")[0]  # "cuda:1" is the second of its kind
    engine = _engine_for(kind) if name == "auto" else name
    if engine not in ENGINES:
        raise EngineError(_unknown("engine", name, ("auto", *ENGINES)))
    if kind not in DEVICES[engine]:
        raise EngineError(_unknown("device", device, DEVICES[engine], f" of {engine}"))
    if precision not in PRECISIONS:
        raise EngineError(_unknown("precision", precision, PRECISIONS))
    if threads < 0:
        raise EngineError(f"--threads must be 0 (what is best) or more, got {threads}.")
    return ENGINES[engine](device, threads, precision)


def _engine_for(kind: str) -> str:
    for name, kinds in DEVICES.items():
        if kind in kinds:
            return "torch" if kind == "cuda" else name
    known = tuple(dict.fromkeys(kind for kinds in DEVICES.values() for kind in kinds))
    raise EngineError(_unknown("device", kind, known))


def _unknown(
    what: Literal["engine", "device", "precision"],
    word: str,
    known: tuple[str, ...],
    where: str = "",
) -> str:
    hint = did_you_mean(word, known)
    return f'There is no {what} "{word}"{where}.{hint} Known: {", ".join(known)}.'
