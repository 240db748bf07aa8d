"""What an engine is: it loads an exported graph, and the graph runs on arrays."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]


class Network(Protocol):
    """One exported graph, ready to run; may be called from many threads."""

    def run(self, inputs: Mapping[str, Array]) -> dict[str, Array]:
        """Return every output by name for inputs by name, all float32.

        Pictures are B C H W with any height and width that the graph was exported for. Raises
        EngineError for an input that is missing, unknown or of the wrong shape.
        """


class Engine(Protocol):
    """Runs exported graphs on one device, in one precision."""

    name: str
    device: str
    precision: str

    def load(self, path: Path) -> Network:
        """Open a graph (ONNX; weights may lie in a file beside it); raise ModelError if it is none."""
