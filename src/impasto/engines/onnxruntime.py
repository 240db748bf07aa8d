"""ONNX Runtime: a second engine for processors, and one for NVIDIA graphics (extra ``onnx``)."""

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from impasto.device.processor import usable_cores
from impasto.engines.base import Array, checked, not_a_graph, refused
from impasto.errors import EngineError, MissingExtra

PROVIDERS = {"cpu": "CPUExecutionProvider", "cuda": "CUDAExecutionProvider"}
ERRORS_ONLY = 3


class OnnxruntimeEngine:
    """Runs graphs with ONNX Runtime on ``cpu`` or ``cuda``, in float32."""

    name = "onnxruntime"

    def __init__(self, device: str = "auto", threads: int = 0, precision: str = "auto") -> None:
        try:
            self._runtime = importlib.import_module("onnxruntime")
        except ImportError as error:
            raise MissingExtra("The engine onnxruntime", "onnx") from error
        self.device = "cpu" if device == "auto" else device
        if precision not in ("auto", "f32"):
            raise EngineError(
                f"The engine onnxruntime computes in f32, not in {precision}. "
                "Leave --precision at auto, or use another engine."
            )
        self.precision = "f32"
        self._runtime.disable_telemetry_events()
        kind, _, index = self.device.partition(":")
        found = self._runtime.get_available_providers()
        if PROVIDERS[kind] not in found:
            there = ", ".join(name for name, provider in PROVIDERS.items() if provider in found)
            raise EngineError(f'ONNX Runtime finds no "{device}" here. Found: {there}.')
        place = {"device_id": int(index)} if index.isdecimal() else {}
        self._providers = [(PROVIDERS[kind], place)]
        self._threads = threads or usable_cores()

    def load(self, path: Path) -> "OnnxruntimeNetwork":
        """Open a graph; raise ModelError if it is none."""
        options = self._runtime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.log_severity_level = ERRORS_ONLY
        try:
            session = self._runtime.InferenceSession(str(path), options, self._providers)
        except Exception as error:  # its errors share no base
            raise not_a_graph(path, error) from error
        return OnnxruntimeNetwork(session)


class OnnxruntimeNetwork:
    """A graph in a session, which threads may share."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self._inputs = [node.name for node in session.get_inputs()]
        self._outputs = [node.name for node in session.get_outputs()]

    def run(self, inputs: Mapping[str, Array]) -> dict[str, Array]:
        """Return every output by name for inputs by name."""
        arrays = checked(inputs, self._inputs)
        try:
            results = self._session.run(self._outputs, arrays)
        except Exception as error:  # its errors share no base
            raise refused(inputs, error) from error
        return dict(zip(self._outputs, results, strict=True))
