"""Each operator gives what ONNX Runtime gives."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper

from impasto.engines.registry import open_engine
from impasto.errors import EngineError

PICTURE = np.random.default_rng(0).normal(size=(2, 4, 6, 8)).astype(np.float32)
Case = tuple[str, dict[str, Any], list[Any]]


def ints(*values: int) -> Any:
    return np.array(values, np.int64)


def floats(*shape: int) -> Any:
    return np.random.default_rng(1).normal(size=shape).astype(np.float32)


NONE = np.array([], np.float32)
NEAREST = {
    "mode": "nearest",
    "coordinate_transformation_mode": "asymmetric",
    "nearest_mode": "floor",
}
CASES: list[Case] = [
    ("Conv", {"pads": [1, 2, 0, 1], "strides": [2, 1]}, [floats(5, 4, 3, 3), floats(5)]),
    ("Conv", {"group": 2, "dilations": [2, 2]}, [floats(6, 2, 3, 3)]),
    ("ConvTranspose", {"strides": [2, 2], "pads": [1, 1, 1, 0]}, [floats(4, 3, 4, 4), floats(3)]),
    ("ConvTranspose", {"strides": [2, 2], "output_padding": [1, 1]}, [floats(4, 3, 3, 3)]),
    ("Relu", {}, []),
    ("LeakyRelu", {"alpha": 0.2}, []),
    ("Sigmoid", {}, []),
    ("Tanh", {}, []),
    ("Exp", {}, []),
    ("Softplus", {}, []),
    ("Identity", {}, []),
    ("Add", {}, [floats(4, 1, 1)]),
    ("Sub", {}, [floats(4, 1, 1)]),
    ("Mul", {}, [floats(1, 8)]),
    ("Div", {}, [np.float32(3)]),
    ("Pow", {}, [np.float32(2)]),
    ("Max", {}, [floats(4, 1, 1), floats(8)]),
    ("Min", {}, [floats(4, 1, 1)]),
    ("MatMul", {}, [floats(8, 5)]),
    ("Clip", {}, [np.float32(-0.5), np.float32(0.5)]),
    ("Concat", {"axis": 1}, [floats(2, 1, 6, 8)]),
    ("Flatten", {"axis": 2}, []),
    ("Transpose", {"perm": [0, 2, 3, 1]}, []),
    ("Transpose", {}, []),
    ("Reshape", {}, [ints(0, -1, 8)]),
    ("Unsqueeze", {}, [ints(0, -1)]),
    ("Gather", {"axis": 1}, [ints(3, -4, 0)]),
    ("Slice", {}, [ints(1, -3), ints(100, -1), ints(2, 3), ints(2, 1)]),
    ("Slice", {}, [ints(1), ints(3)]),
    ("ReduceMean", {"keepdims": 0}, [ints(2, 3)]),
    ("ReduceMean", {}, []),
    ("GlobalAveragePool", {}, []),
    ("AveragePool", {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1]}, []),
    ("AveragePool", {"kernel_shape": [2, 2], "strides": [2, 2]}, []),
    ("InstanceNormalization", {"epsilon": 1e-3}, [floats(4), floats(4)]),
    ("DepthToSpace", {"blocksize": 2}, []),
    ("DepthToSpace", {"blocksize": 2, "mode": "CRD"}, []),
    ("SpaceToDepth", {"blocksize": 2}, []),
    ("Pad", {"mode": "reflect"}, [ints(0, 0, 2, 1, 0, 0, 3, 4)]),
    ("Pad", {"mode": "edge"}, [ints(2, 1, 3, 4), None, ints(2, 3)]),
    ("Pad", {}, [ints(0, 1, 2, 1, 0, 0, -1, 4), np.float32(0.5)]),
    ("Resize", NEAREST, [NONE, np.array([1, 1, 2, 3], np.float32)]),
    ("Resize", {"mode": "nearest"}, [NONE, np.array([1, 1, 2, 2], np.float32)]),
    ("Resize", {"mode": "linear"}, [NONE, np.array([1, 1, 2, 1.5], np.float32)]),
    ("Resize", {"mode": "linear"}, [NONE, None, ints(2, 4, 9, 5)]),
    (
        "Resize",
        {"mode": "linear", "coordinate_transformation_mode": "align_corners"},
        [NONE, None, ints(2, 4, 11, 15)],
    ),
    ("Expand", {}, [ints(3, 1, 1, 1, 8)]),
]


def run(path: Path, name: str) -> Any:
    engine = open_engine(name, device="cpu", precision="f32")
    return engine.load(path).run({"x": PICTURE})


@pytest.mark.parametrize(("operator", "attributes", "more"), CASES, ids=lambda v: str(v)[:24])
def test_operator(
    write: Callable[..., Path], operator: str, attributes: dict[str, Any], more: list[Any]
) -> None:
    names = ["x", *("" if value is None else f"w{i}" for i, value in enumerate(more))]
    weights = {f"w{i}": np.asarray(v) for i, v in enumerate(more) if v is not None}
    nodes = [helper.make_node(operator, names, ["y"], **attributes)]
    if operator == "Expand":
        nodes = [
            helper.make_node("Unsqueeze", ["x", "zero"], ["x1"]),
            helper.make_node("Expand", ["x1", "w0"], ["y"]),
        ]
        weights["zero"] = ints(0)
    path = write(nodes, {"x": ["b", 4, "h", "w"]}, ["y"], weights)
    np.testing.assert_allclose(run(path, "torch")["y"], run(path, "onnxruntime")["y"], atol=1e-5)


def test_shapes_are_computed_and_constants_read(write: Callable[..., Path]) -> None:
    two = helper.make_tensor("two", TensorProto.INT64, [1], [2])
    nodes = [
        helper.make_node("Shape", ["x"], ["shape"]),
        helper.make_node("Constant", [], ["i"], value_ints=[0]),
        helper.make_node("Gather", ["shape", "i"], ["batch"]),
        helper.make_node("Constant", [], ["two"], value=two),
        helper.make_node("Div", ["batch", "two"], ["half"]),
        helper.make_node("Constant", [], ["rest"], value_ints=[-1]),
        helper.make_node("Concat", ["half", "rest"], ["wanted"], axis=0),
        helper.make_node("Reshape", ["x", "wanted"], ["flat"]),
        helper.make_node("Cast", ["wanted"], ["numbers"], to=TensorProto.FLOAT),
        helper.make_node("Split", ["flat"], ["left", "right"], axis=1, num_outputs=2),
        helper.make_node("Mul", ["flat", "flat"], ["square"]),
        helper.make_node("Sqrt", ["square"], ["root"]),
        helper.make_node("Squeeze", ["flat", "zero"], ["line"]),
    ]
    outputs = ["numbers", "left", "right", "root", "line"]
    path = write(nodes, {"x": ["b", 4, "h", "w"]}, outputs, {"zero": ints(0)})
    mine, theirs = run(path, "torch"), run(path, "onnxruntime")
    assert list(mine) == outputs
    for name in outputs:
        np.testing.assert_allclose(mine[name], theirs[name], atol=1e-6)
    assert mine["numbers"].tolist() == [1, -1]


def test_matrices(write: Callable[..., Path]) -> None:
    nodes = [
        helper.make_node("Flatten", ["x"], ["flat"]),
        helper.make_node("Gemm", ["flat", "w", "b"], ["y"], transB=1, alpha=0.5, beta=2.0),
        helper.make_node("Gemm", ["flat", "flat"], ["z"], transA=1),
    ]
    weights = {"w": floats(5, 192), "b": floats(5)}
    path = write(nodes, {"x": ["b", 4, "h", "w"]}, ["y", "z"], weights)
    mine, theirs = run(path, "torch"), run(path, "onnxruntime")
    for name in ("y", "z"):
        np.testing.assert_allclose(mine[name], theirs[name], atol=1e-4)


def test_an_unknown_operator_is_named(write: Callable[..., Path]) -> None:
    path = write([helper.make_node("Erf", ["x"], ["y"])], {"x": ["b", 4, "h", "w"]}, ["y"], {})
    with pytest.raises(EngineError, match="no operator Erf"):
        open_engine("torch", device="cpu").load(path)


def test_an_unknown_kind_of_resize_is_named(write: Callable[..., Path]) -> None:
    node = helper.make_node("Resize", ["x", "w0", "w1"], ["y"], mode="cubic")
    weights = {"w0": NONE, "w1": np.array([1, 1, 2, 2], np.float32)}
    path = write([node], {"x": ["b", 4, "h", "w"]}, ["y"], weights)
    with pytest.raises(EngineError, match="no Resize of the kind cubic"):
        run(path, "torch")
