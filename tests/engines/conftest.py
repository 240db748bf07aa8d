"""Tiny ONNX networks with random weights, for every engine."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from onnx import NodeProto, TensorProto, helper, numpy_helper

Shape = Sequence[int | str | None]
Write = Callable[..., Path]


def write_graph(
    path: Path,
    nodes: Sequence[NodeProto],
    inputs: Mapping[str, Shape],
    outputs: Sequence[str],
    weights: Mapping[str, npt.NDArray[np.generic]],
    opset: int = 20,
) -> Path:
    """Write a graph of these nodes."""
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in inputs.items()],
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in outputs],
        [numpy_helper.from_array(array, name) for name, array in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=9)
    path.write_bytes(model.SerializeToString())
    return path


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes a graph and gives its path."""

    def to_file(*args: object, name: str = "tiny.onnx", **options: object) -> Path:
        return write_graph(tmp_path / name, *args, **options)  # type: ignore[arg-type]

    return to_file


@pytest.fixture(scope="session")
def painting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network like a painter's: strides, padding, statistics, a skip, shuffling, a blur."""
    random = np.random.default_rng(0)

    def kernel(*shape: int) -> npt.NDArray[np.float32]:
        values = random.normal(size=shape) / np.sqrt(np.prod(shape[1:]))
        return np.asarray(values, np.float32)

    weights: dict[str, npt.NDArray[np.generic]] = {
        "w1": kernel(8, 3, 6, 6),
        "b1": kernel(8, 1)[:, 0],
        "w2": kernel(8, 8, 3, 3),
        "w3": kernel(12, 8, 3, 3),
        "blur": np.full((3, 1, 3, 3), 1 / 9, np.float32),
        "edge": np.array([0, 0, 1, 1, 0, 0, 1, 1]),
        "axes": np.array([2, 3]),
        "halves": np.array([8, 8]),
        "none": np.array([], np.float32),
        "double": np.array([1, 1, 2, 2], np.float32),
    }
    node = helper.make_node
    nodes = [
        node("Conv", ["window", "w1", "b1"], ["a"], strides=[2, 2], pads=[2, 2, 2, 2]),
        node("Relu", ["a"], ["b"]),
        node("Unsqueeze", ["statistics", "axes"], ["s"]),
        node("Split", ["s", "halves"], ["scale", "shift"], axis=1),
        node("Mul", ["b", "scale"], ["c"]),
        node("Add", ["c", "shift"], ["d"]),
        node("Pad", ["d", "edge"], ["e"], mode="edge"),
        node("Conv", ["e", "w2"], ["f"], strides=[2, 2]),
        node(
            "Resize",
            ["f", "none", "double"],
            ["g"],
            mode="nearest",
            coordinate_transformation_mode="asymmetric",
            nearest_mode="floor",
        ),
        node("Relu", ["g"], ["h"]),
        node("Conv", ["h", "w3"], ["i"], pads=[1, 1, 1, 1]),
        node("DepthToSpace", ["i"], ["j"], blocksize=2, mode="CRD"),
        node("Pad", ["j", "edge"], ["k"], mode="reflect"),
        node("Conv", ["k", "blur"], ["painting"], group=3),
    ]
    inputs: dict[str, Shape] = {"window": ["b", 3, "h", "w"], "statistics": ["b", 16]}
    folder = tmp_path_factory.mktemp("graphs")
    return write_graph(folder / "painting.onnx", nodes, inputs, ["painting"], weights)
