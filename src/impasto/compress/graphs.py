"""Turn torch modules into ONNX graphs whose weights stay in one safetensors file beside them."""

import hashlib
import json
import struct
import warnings
from collections.abc import Mapping, Sequence

import onnx
import torch
from onnx import TensorProto, helper
from torch import Tensor, nn

WEIGHTS = "model.safetensors"
EXAMPLE = (64, 72)  # any size serves that divides by the multiple; two examples keep the batch free


def to_onnx(
    module: nn.Module,
    pictures: Mapping[str, int],
    vectors: Mapping[str, int],
    output: str,
    multiple: int,
) -> onnx.ModelProto:
    """Export a module to ONNX with free batch, height and width.

    Args:
        pictures: names and channels of the inputs that are pictures (B C H W), in order.
        vectors: names and lengths of the inputs that are vectors (B N), after the pictures.
        multiple: height and width divide by it.
    """
    batch = torch.export.Dim("batch")
    height, width = (torch.export.Dim(n, min=1, max=1 << 15) for n in ("rows", "columns"))
    examples = [torch.rand(2, channels, *EXAMPLE) for channels in pictures.values()]
    examples += [torch.rand(2, length) for length in vectors.values()]
    shapes: list[dict[int, object]] = [
        {0: batch, 2: multiple * height, 3: multiple * width} for _ in pictures
    ]
    shapes += [{0: batch} for _ in vectors]
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # the exporter's own notes on its future
        program = torch.onnx.export(
            module.eval(),
            tuple(examples),
            dynamo=True,
            dynamic_shapes=tuple(shapes),
            input_names=[*pictures, *vectors],
            output_names=[output],
            verbose=False,
        )
    assert program is not None
    model: onnx.ModelProto = program.model_proto
    return model


def share_weights(
    model: onnx.ModelProto, names: Mapping[str, str], weights: bytes
) -> onnx.ModelProto:
    """Replace initializers by references into a safetensors file, stored there in half precision.

    Args:
        names: from the initializer's name to the tensor's name in the file.
        weights: the bytes of the safetensors file.
    """
    places, start = _places(weights)
    graph = model.graph
    casts = []
    for initializer in graph.initializer:
        if initializer.name not in names:
            continue
        begin, end = places[names[initializer.name]]
        _point_to(initializer, start + begin, end - begin)
        stored, wanted = initializer.name + ".half", initializer.name
        initializer.name = stored
        casts.append(helper.make_node("Cast", [stored], [wanted], to=TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    _drop_notes(model)
    # Graphs of one architecture are alike; the hash tells caches that the weights are not.
    helper.set_model_props(model, {"weights_sha256": hashlib.sha256(weights).hexdigest()})
    return model


def _places(weights: bytes) -> tuple[dict[str, tuple[int, int]], int]:
    (length,) = struct.unpack("<Q", weights[:8])
    header = json.loads(weights[8 : 8 + length])
    header.pop("__metadata__", None)
    return {name: tuple(entry["data_offsets"]) for name, entry in header.items()}, 8 + length


def _point_to(initializer: TensorProto, offset: int, length: int) -> None:
    initializer.ClearField("raw_data")
    initializer.ClearField("float_data")
    del initializer.external_data[:]
    initializer.data_type = TensorProto.FLOAT16
    initializer.data_location = TensorProto.EXTERNAL
    for key, value in (("location", WEIGHTS), ("offset", offset), ("length", length)):
        initializer.external_data.add(key=key, value=str(value))


def _drop_notes(model: onnx.ModelProto) -> None:
    """Drop traces of the exporter: they hold paths of this machine and double the size."""
    del model.graph.value_info[:]
    del model.graph.metadata_props[:]
    for node in model.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
    for value in (*model.graph.input, *model.graph.output, *model.graph.initializer):
        del value.metadata_props[:]


def half(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the state in half precision, contiguous, as it is stored."""
    return {name: tensor.detach().cpu().half().contiguous() for name, tensor in state.items()}


def wrapped_names(state: Sequence[str], prefix: str) -> dict[str, str]:
    """Return initializer names (those inside a wrapper) to tensor names."""
    return {f"{prefix}.{name}": name for name in state}
