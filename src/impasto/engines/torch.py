"""torch: runs the same ONNX graphs node by node, on NVIDIA and Apple graphics (extra ``train``)."""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from pathlib import Path
from typing import Any

from impasto.engines.base import Array, checked, not_a_graph, refused
from impasto.errors import EngineError, MissingExtra

try:
    import onnx
    import torch
    import torch.nn.functional as F
    from onnx import numpy_helper
    from torch import Tensor
except ImportError as error:
    raise MissingExtra("The engine torch", "train") from error

Attributes = dict[str, Any]
Values = Sequence[Tensor]  # the inputs of a node, None where one is left out
DTYPES = {"f32": torch.float32, "bf16": torch.bfloat16, "f16": torch.float16}
PADDING = {"constant": "constant", "edge": "replicate", "reflect": "reflect"}
CASTS = {2: torch.uint8, 3: torch.int8, 6: torch.int32, 7: torch.int64, 9: torch.bool}


def _axes(x: Values, a: Attributes, place: int) -> list[int]:
    """Return the axes of a node: an attribute in old graphs, an input in new ones."""
    given = x[place].tolist() if len(x) > place and x[place] is not None else a.get("axes", [])
    return list(given)


def _sides(pads: Sequence[int], rank: int) -> list[int]:
    """Turn ONNX pads (all starts, all ends) into torch's (last axis first)."""
    return [int(pads[i + side * rank]) for i in reversed(range(rank)) for side in (0, 1)]


def _conv(x: Values, a: Attributes, transposed: bool = False) -> Tensor:
    picture, rank = x[0], x[0].ndim - 2
    pads, ones, zeros = a.get("pads", [0] * 2 * rank), [1] * rank, [0] * rank
    even = pads[:rank] == pads[rank:] and not transposed
    if not (even or transposed):
        picture = F.pad(picture, _sides(pads, rank))
    result = torch.convolution(
        picture,
        x[1],
        x[2] if len(x) > 2 else None,
        a.get("strides", ones),
        pads[:rank] if even else zeros,
        a.get("dilations", ones),
        transposed,
        a.get("output_padding", zeros),
        a.get("group", 1),
    )
    return F.pad(result, [-side for side in _sides(pads, rank)]) if transposed else result


def _pad(x: Values, a: Attributes) -> Tensor:
    picture = x[0]
    pads = a["pads"] if "pads" in a else x[1].tolist()
    value = a.get("value", float(x[2]) if len(x) > 2 and x[2] is not None else 0.0)
    axes = _axes(x, {}, 3) or list(range(picture.ndim))
    full = [0] * 2 * picture.ndim
    for i, axis in enumerate(axes):
        full[axis], full[axis + picture.ndim] = pads[i], pads[i + len(axes)]
    sides = _sides(full, picture.ndim)
    mode = PADDING[a.get("mode", "constant")]
    if mode == "constant":
        return F.pad(picture, sides, value=value)
    return F.pad(picture, sides[:-4], mode=mode)  # of pictures, not of batch and channels


def _resize(x: Values, a: Attributes) -> Tensor:
    picture, rank = x[0], x[0].ndim - 2
    where = a.get("coordinate_transformation_mode", "half_pixel")
    rounding = a.get("nearest_mode", "round_prefer_floor")
    mode = a.get("mode", "nearest")
    known = {
        ("nearest", "asymmetric", "floor"): ("nearest", None),
        ("nearest", "half_pixel", "round_prefer_floor"): ("nearest-exact", None),
        ("linear", "half_pixel", rounding): ("bilinear", False),
        ("linear", "pytorch_half_pixel", rounding): ("bilinear", False),
        ("linear", "align_corners", rounding): ("bilinear", True),
    }
    if (mode, where, rounding) not in known:
        raise EngineError(
            f"The engine torch has no Resize of the kind {mode}, {where}, {rounding}."
        )
    kind, corners = known[mode, where, rounding]
    sizes = x[3].tolist()[-rank:] if len(x) > 3 and x[3] is not None else None
    scales = None if sizes else x[2].float().tolist()[-rank:]
    smooth = bool(a.get("antialias", 0))
    return F.interpolate(picture, sizes, scales, kind, corners, antialias=smooth)


def _depth_to_space(x: Values, a: Attributes) -> Tensor:
    picture, block = x[0], a["blocksize"]
    if a.get("mode", "DCR") == "CRD":
        return F.pixel_shuffle(picture, block)
    b, c, h, w = picture.shape
    split = picture.reshape(b, block, block, c // block**2, h, w)
    return split.permute(0, 3, 4, 1, 5, 2).reshape(b, c // block**2, h * block, w * block)


def _space_to_depth(x: Values, a: Attributes) -> Tensor:
    block = a["blocksize"]
    b, c, h, w = x[0].shape
    split = x[0].reshape(b, c, h // block, block, w // block, block)
    return split.permute(0, 3, 5, 1, 2, 4).reshape(b, c * block**2, h // block, w // block)


def _gemm(x: Values, a: Attributes) -> Tensor:
    left, right = x[0].T if a.get("transA") else x[0], x[1].T if a.get("transB") else x[1]
    product: Tensor = a.get("alpha", 1.0) * (left @ right)
    return product + a.get("beta", 1.0) * x[2] if len(x) > 2 else product


def _split(x: Values, a: Attributes) -> Sequence[Tensor]:
    axis = a.get("axis", 0)
    sizes = a.get("split") or (x[1].tolist() if len(x) > 1 else None)
    return torch.split(x[0], sizes or -(-x[0].shape[axis] // a["outputs"]), axis)


def _slice(x: Values, a: Attributes) -> Tensor:
    starts, ends = (x[1].tolist(), x[2].tolist()) if len(x) > 2 else (a["starts"], a["ends"])
    axes = _axes(x, a, 3) or list(range(len(starts)))
    steps = x[4].tolist() if len(x) > 4 and x[4] is not None else [1] * len(starts)
    cut = [slice(None)] * x[0].ndim
    for axis, start, end, step in zip(axes, starts, ends, steps, strict=True):
        cut[axis] = slice(start, end, step)
    return x[0][tuple(cut)]


def _reshape(x: Values, a: Attributes) -> Tensor:
    copied = not a.get("allowzero", 0)
    shape = [x[0].shape[i] if n == 0 and copied else n for i, n in enumerate(x[1].tolist())]
    return x[0].reshape(shape)


def _unsqueeze(x: Values, a: Attributes) -> Tensor:
    axes = _axes(x, a, 1)
    shape = list(x[0].shape)
    for axis in sorted(axis % (len(shape) + len(axes)) for axis in axes):
        shape.insert(axis, 1)
    return x[0].reshape(shape)


def _reduce_mean(x: Values, a: Attributes) -> Tensor:
    axes = _axes(x, a, 1)
    if not axes and a.get("noop_with_empty_axes", 0):
        return x[0]
    return x[0].mean(axes or list(range(x[0].ndim)), keepdim=bool(a.get("keepdims", 1)))


def _average_pool(x: Values, a: Attributes) -> Tensor:
    size = a["kernel_shape"]
    pads = a.get("pads", [0] * 2 * len(size))
    if pads[: len(size)] != pads[len(size) :]:
        raise EngineError("The engine torch has no AveragePool with uneven pads.")
    inside, ceiling = pads[: len(size)], bool(a.get("ceil_mode", 0))
    counted = bool(a.get("count_include_pad", 0))
    return F.avg_pool2d(x[0], size, a.get("strides", [1] * len(size)), inside, ceiling, counted)


def _gather(x: Values, a: Attributes) -> Tensor:
    axis, index = a.get("axis", 0), x[1].to(x[0].device)
    index = torch.where(index < 0, index + x[0].shape[axis], index)
    picked = x[0].index_select(axis, index.reshape(-1))
    return picked.reshape(x[0].shape[:axis] + index.shape + x[0].shape[axis + 1 :])


OPERATORS: dict[str, Callable[[Values, Attributes], Any]] = {
    "Add": lambda x, a: x[0] + x[1],
    "AveragePool": _average_pool,
    "Clip": lambda x, a: x[0].clamp(*(*x[1:], None, None)[:2]),
    "Concat": lambda x, a: torch.cat(list(x), a["axis"]),
    "Constant": lambda x, a: torch.as_tensor(next(iter(a.values()))),
    "Conv": _conv,
    "ConvTranspose": lambda x, a: _conv(x, a, transposed=True),
    "DepthToSpace": _depth_to_space,
    "Div": lambda x, a: x[0] / x[1] if x[0].is_floating_point() else x[0] // x[1],
    "Exp": lambda x, a: x[0].exp(),
    "Expand": lambda x, a: x[0] * torch.ones(x[1].tolist(), dtype=x[0].dtype, device=x[0].device),
    "Flatten": lambda x, a: x[0].reshape(x[0].shape[: a.get("axis", 1)].numel(), -1),
    "Gather": _gather,
    "Gemm": _gemm,
    "GlobalAveragePool": lambda x, a: x[0].mean(list(range(2, x[0].ndim)), keepdim=True),
    "Identity": lambda x, a: x[0],
    "InstanceNormalization": lambda x, a: F.instance_norm(
        x[0], weight=x[1], bias=x[2], eps=a.get("epsilon", 1e-5)
    ),
    "LeakyRelu": lambda x, a: F.leaky_relu(x[0], a.get("alpha", 0.01)),
    "MatMul": lambda x, a: x[0] @ x[1],
    "Max": lambda x, a: reduce(torch.maximum, x),
    "Min": lambda x, a: reduce(torch.minimum, x),
    "Mul": lambda x, a: x[0] * x[1],
    "Pad": _pad,
    "Pow": lambda x, a: x[0] ** x[1],
    "ReduceMean": _reduce_mean,
    "Relu": lambda x, a: x[0].relu(),
    "Reshape": _reshape,
    "Resize": _resize,
    "Shape": lambda x, a: torch.tensor(x[0].shape[a.get("start", 0) : a.get("end")]),
    "Sigmoid": lambda x, a: x[0].sigmoid(),
    "Slice": _slice,
    "Softplus": lambda x, a: F.softplus(x[0]),
    "SpaceToDepth": _space_to_depth,
    "Split": _split,
    "Sqrt": lambda x, a: x[0].sqrt(),
    "Squeeze": lambda x, a: x[0].squeeze(_axes(x, a, 1) or [*range(x[0].ndim)]),
    "Sub": lambda x, a: x[0] - x[1],
    "Tanh": lambda x, a: x[0].tanh(),
    "Transpose": lambda x, a: x[0].permute(a.get("perm", list(range(x[0].ndim))[::-1])),
    "Unsqueeze": _unsqueeze,
}


class TorchEngine:
    """Runs graphs with torch on ``cpu``, ``cuda`` or ``mps``, in f32, bf16 or f16."""

    name = "torch"

    def __init__(self, device: str = "auto", threads: int = 0, precision: str = "auto") -> None:
        found = [kind for kind in ("cuda", "mps") if getattr(torch, kind).is_available()] + ["cpu"]
        self.device = found[0] if device == "auto" else device
        try:
            torch.empty(1, device=self.device)
        except (RuntimeError, AssertionError) as error:  # absent, or fewer of them
            there = ", ".join(found)
            raise EngineError(f'torch finds no "{device}" here. Found: {there}.') from error
        native = self.device.startswith("cuda") and torch.cuda.is_bf16_supported(False)
        self.precision = precision if precision != "auto" else "bf16" if native else "f32"
        torch.set_num_threads(threads or torch.get_num_threads())

    def load(self, path: Path) -> "TorchNetwork":
        """Open a graph; raise ModelError if it is none, EngineError for an unknown operator."""
        try:
            model = onnx.load(str(path))
        except Exception as error:  # protobuf's errors share no base
            raise not_a_graph(path, error) from error
        return TorchNetwork(model.graph, torch.device(self.device), DTYPES[self.precision])


class TorchNetwork:
    """A graph whose nodes are called one after the other; threads may share it."""

    def __init__(self, graph: Any, device: "torch.device", dtype: "torch.dtype") -> None:
        self._device, self._dtype = device, dtype
        unknown = {node.op_type for node in graph.node} - {*OPERATORS, "Cast"}
        if unknown:
            named = ", ".join(sorted(unknown))
            raise EngineError(f"The engine torch has no operator {named}. Use --engine openvino.")
        tensors = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
        self._weights = {name: self._placed(array) for name, array in tensors.items()}
        self._inputs = [v.name for v in graph.input if v.name not in tensors]
        self._outputs = [v.name for v in graph.output]
        self._nodes = [(node, self._attributes(node)) for node in graph.node]
        last = {name: i for i, (node, _) in enumerate(self._nodes) for name in node.input}
        kept = {*self._outputs, *self._weights}
        self._spent = [
            [name for name in set(node.input) if last[name] == i and name not in kept]
            for i, (node, _) in enumerate(self._nodes)
        ]

    def run(self, inputs: Mapping[str, Array]) -> dict[str, Array]:
        """Return every output by name for inputs by name."""
        values: dict[str, Any] = {"": None, **self._weights}
        values |= {n: self._placed(array) for n, array in checked(inputs, self._inputs).items()}
        with torch.inference_mode():
            try:
                for (node, attributes), spent in zip(self._nodes, self._spent, strict=True):
                    given = [values[name] for name in node.input]
                    result = self._call(node.op_type, given, attributes)
                    several = result if isinstance(result, (tuple, list)) else [result]
                    values.update(zip(node.output, several, strict=False))
                    for name in spent:  # memory stays at the widest layer, not their sum
                        values[name] = None
            except (RuntimeError, ValueError, IndexError, TypeError, KeyError) as error:
                raise refused(inputs, error) from error
            return {name: values[name].float().cpu().numpy() for name in self._outputs}

    def _call(self, operator: str, given: Values, attributes: Attributes) -> Any:
        if operator != "Cast":
            return OPERATORS[operator](given, attributes)
        # Every float type means the precision that was asked for.
        return given[0].to(CASTS.get(attributes["to"], self._dtype))

    def _placed(self, array: Any) -> Tensor:
        """Return floats on the device; whole numbers are shapes and stay with the processor."""
        tensor = torch.from_numpy(array.copy() if not array.flags.writeable else array)
        return tensor.to(self._device, self._dtype) if tensor.is_floating_point() else tensor

    def _attributes(self, node: Any) -> Attributes:
        found: Attributes = {"outputs": len(node.output)} if node.op_type == "Split" else {}
        for attribute in node.attribute:
            value = onnx.helper.get_attribute_value(attribute)
            if isinstance(value, onnx.TensorProto):
                value = self._placed(numpy_helper.to_array(value))
            found[attribute.name] = value.decode() if isinstance(value, bytes) else value
        return found
