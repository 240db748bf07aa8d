"""What an engine is: it loads an exported graph, and the graph runs on arrays."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from impasto.errors import EngineError, ModelError

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
        """Open a graph (ONNX; weights may lie beside it); raise ModelError if it is none."""


def checked(inputs: Mapping[str, Array], names: Sequence[str]) -> dict[str, Array]:
    """Return the inputs as contiguous float32; raise EngineError unless they have these names."""
    if set(inputs) != set(names):
        raise EngineError(
            f"The network takes the inputs {', '.join(names)}; got {', '.join(inputs) or 'none'}."
        )
    return {name: np.ascontiguousarray(inputs[name], np.float32) for name in names}


def not_a_graph(path: Path, error: Exception) -> ModelError:
    """Return the error for a file that is missing or that an engine cannot read."""
    if not path.is_file():
        return ModelError(
            f"There is no network file {path}. Copy the model whole, or export it again."
        )
    return ModelError(f"{path} cannot be read as an ONNX network: {first_line(error)}")


def refused(inputs: Mapping[str, Array], error: Exception) -> EngineError:
    """Return the error for a network that did not take what it was given."""
    shapes = ", ".join(f"{name} {list(array.shape)}" for name, array in inputs.items())
    return EngineError(f"The network does not run on {shapes}: {first_line(error)}")


def first_line(error: Exception) -> str:
    """Return what an engine says without the places in its own source."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    said = [line for line in lines if not line.startswith(("Exception from", "Check '"))]
    return (said or lines or [type(error).__name__])[0]
