"""OpenVINO: the fastest engine on a processor, and the one that is always installed.

Starting fast matters as much as running fast. ``import openvino`` takes 0.1 s for converters that
are never used here, so only its compiled half is loaded; and a network that was compiled before
is taken from disk.
"""

import importlib
import importlib.machinery
import importlib.util
import io
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from impasto.device.processor import best_precision, this_processor, usable_cores
from impasto.engines.base import Array, checked, not_a_graph, refused
from impasto.engines.compiled import forget, keep, key_of, recall
from impasto.errors import EngineError

CAPABILITY = {"bf16": "BF16", "f16": "FP16", "f32": "FP32"}
CHECKED = "2026."  # versions whose compiled half is known to stand alone


class OpenvinoEngine:
    """Runs graphs with OpenVINO on ``cpu``, ``gpu`` or ``npu``; bf16 where that is native."""

    name = "openvino"

    def __init__(self, device: str = "auto", threads: int = 0, precision: str = "auto") -> None:
        self._openvino = _runtime()
        self._core = self._openvino.Core()
        self.device = "cpu" if device == "auto" else device
        self._target = self.device.upper().replace(":", ".")
        # The processor is always there; asking for the others wakes their drivers.
        if self._target != "CPU" and self._target not in (found := self._core.available_devices):
            there = ", ".join(sorted({name.lower().replace(".", ":") for name in found}))
            raise EngineError(f'OpenVINO finds no "{device}" here. Found: {there}.')
        self.precision = self._precision(precision)
        self._settings: dict[str, Any] = {
            "INFERENCE_PRECISION_HINT": self.precision,
            "PERFORMANCE_HINT": "LATENCY",
        }
        if self._target == "CPU" and (threads or (threads := _limit())):
            self._settings["INFERENCE_NUM_THREADS"] = threads
            # Pinned, the few threads of every process would share the first cores.
            self._settings["ENABLE_CPU_PINNING"] = False

    def _precision(self, wanted: str) -> str:
        processor = this_processor()
        if wanted == "auto" and self._target == "CPU" and processor.features:
            return best_precision(processor)
        can = self._core.get_property(self._target, "OPTIMIZATION_CAPABILITIES")
        if wanted == "auto":
            order = ("bf16", "f32") if self._target == "CPU" else ("f16", "f32")
            return next((name for name in order if CAPABILITY[name] in can), "f32")
        if wanted != "f32" and CAPABILITY[wanted] not in can:
            known = ", ".join(name for name in ("f32", "bf16", "f16") if CAPABILITY[name] in can)
            raise EngineError(
                f"This {self.device} does not compute in {wanted}; it knows {known}. "
                "Leave --precision at auto."
            )
        return wanted

    def load(self, path: Path) -> "OpenvinoNetwork":
        """Open a graph: compiled before, from disk; else compile it and keep it."""
        try:
            key = self._key(path)
        except OSError as error:
            raise not_a_graph(path, error) from error
        compiled = self._recalled(key)
        if compiled is None:
            try:
                model = self._core.read_model(str(path))
                compiled = self._core.compile_model(model, self._target, self._settings)
            except RuntimeError as error:
                raise not_a_graph(path, error) from error
            self._keep(key, compiled)
        return OpenvinoNetwork(self._openvino, compiled)

    def _key(self, path: Path) -> str:
        weights = path.with_name("model.safetensors")  # where graphs may keep their weights
        processor = this_processor()
        return key_of(
            path.read_bytes(),
            weights.read_bytes() if weights.is_file() else b"",
            str(self._openvino.get_version()),
            self._target,
            repr(sorted(self._settings.items())),
            processor.name,
            str(processor.cores),
            repr(sorted(processor.features)),
        )

    def _recalled(self, key: str) -> Any:
        data = recall(key)
        if data is None:
            return None
        try:
            return self._core.import_model(data, self._target, self._settings)
        except Exception:  # OpenVINO's own check: whatever it refuses is compiled anew
            forget(key)
            return None

    def _keep(self, key: str, compiled: Any) -> None:
        try:
            stream = io.BytesIO()
            compiled.export_model(stream)
        except RuntimeError:  # a device that cannot export
            return
        keep(key, stream.getvalue())


class OpenvinoNetwork:
    """A compiled graph with one request, used in turn: a run takes every core."""

    def __init__(self, openvino: Any, compiled: Any) -> None:
        self._tensor = openvino.Tensor
        self._compiled = compiled
        self._inputs = [port.get_any_name() for port in compiled.inputs]
        self._outputs = [port.get_any_name() for port in compiled.outputs]
        self._request: Any = None
        self._turn = threading.Lock()

    def run(self, inputs: Mapping[str, Array]) -> dict[str, Array]:
        """Return every output by name for inputs by name."""
        arrays = checked(inputs, self._inputs)
        with self._turn:
            try:
                self._request = self._request or self._compiled.create_infer_request()
                for name, array in arrays.items():
                    # Not shared where read-only: OpenVINO wants memory that it could write to.
                    tensor = self._tensor(array, shared_memory=array.flags.writeable)
                    self._request.set_tensor(name, tensor)
                self._request.infer({}, share_outputs=True, decode_strings=False)
                return {
                    name: np.array(self._request.get_tensor(name).data, np.float32)
                    for name in self._outputs
                }
            except RuntimeError as error:
                self._request = None
                raise refused(inputs, error) from error


def _limit() -> int:
    """Return the number of threads if a container allows fewer than OpenVINO sees, else 0."""
    import os

    affinity = getattr(os, "sched_getaffinity", None)
    seen = len(affinity(0)) if affinity else os.cpu_count() or 1
    return usable_cores() if usable_cores() < seen else 0


def _runtime() -> Any:
    """Return OpenVINO: its compiled half alone where that is known to work, else all of it."""
    if "openvino" in sys.modules:
        return _whole()
    try:
        return _compiled_half()
    except Exception:  # another version, another system: slower to start, and safe
        return _whole()


def _whole() -> Any:
    try:
        return importlib.import_module("openvino")
    except ImportError as error:
        raise EngineError(
            f"OpenVINO cannot be loaded here ({error}). Install it again: pip install openvino, "
            "or use another engine: --engine onnxruntime"
        ) from error


def _compiled_half() -> Any:
    name = "openvino._pyopenvino"
    if name in sys.modules:
        return sys.modules[name]
    package = importlib.util.find_spec("openvino")
    if sys.platform == "win32" or package is None:
        raise ImportError(name)  # Windows needs the package to point at its libraries
    folders = package.submodule_search_locations or []
    finder = (
        importlib.machinery.PathFinder.find_spec("_pyopenvino", [folder]) for folder in folders
    )
    found = next(spec for spec in finder if spec is not None and spec.origin)
    spec = importlib.util.spec_from_file_location(name, found.origin)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if not module.get_version().startswith(CHECKED):
        raise ImportError(name)
    sys.modules[name] = module  # a later "import openvino" joins this one
    return module
