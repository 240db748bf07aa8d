"""Turn torch modules into ONNX graphs whose weights stay in one safetensors file beside them."""

import hashlib
import json
import logging
import struct
import warnings
from collections.abc import Mapping, Sequence

import onnx
import torch
from onnx import TensorProto, helper
from torch import Tensor, nn

from impasto.errors import TrainingError
from impasto.networks.registry import WEIGHTS

# Any size serves, but 1: what has only one of something may be traced as having none to repeat.
EXAMPLES = {"batch": 2, "regions": 3, "rows": 8, "columns": 9}
SIDES = ("rows", "columns")  # counted in multiples

Shape = tuple[int | str, ...]


def to_onnx(
    module: nn.Module, inputs: Mapping[str, Shape], output: str, multiple: int
) -> onnx.ModelProto:
    """Export a module to ONNX, for any size of the picture.

    It is traced at one size, and its inputs are freed then: ten times faster than tracing with
    symbols. So the module must not ask for the size of anything; what it would be told stays.

    Args:
        inputs: names and shapes, in order; a word of `EXAMPLES` is a size that stays free.
        multiple: rows and columns divide by it.
    """
    sizes = {name: size * (multiple if name in SIDES else 1) for name, size in EXAMPLES.items()}
    examples = [
        torch.rand(*(n if isinstance(n, int) else sizes[n] for n in shape))
        for shape in inputs.values()
    ]
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # the exporter's own notes on its future,
        logging.getLogger("torch.onnx").setLevel(logging.ERROR)  # and on packages it lacks
        program = torch.onnx.export(
            module.eval(),
            tuple(examples),
            dynamo=True,
            input_names=list(inputs),
            output_names=[output],
            verbose=False,
        )
    assert program is not None
    model: onnx.ModelProto = program.model_proto
    _free(model, inputs)
    return model


def _free(model: onnx.ModelProto, inputs: Mapping[str, Shape]) -> None:
    """Let the sizes that are words be any size, and those of the output whatever follows."""
    for value in model.graph.input:
        for dimension, size in zip(
            value.type.tensor_type.shape.dim, inputs[value.name], strict=True
        ):
            if isinstance(size, str):
                dimension.dim_param = size
    for value in model.graph.output:
        for dimension in value.type.tensor_type.shape.dim:
            dimension.Clear()


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
    """Return the state in half precision, contiguous, as it is stored.

    Raises TrainingError where a weight is no number, or larger than half precision holds.
    """
    stored = {name: tensor.detach().cpu().half().contiguous() for name, tensor in state.items()}
    for name, tensor in stored.items():
        if not tensor.isfinite().all():
            raise TrainingError(
                f'Weights of "{name}" are no numbers, or above 65504, which is the most that half '
                "precision holds: the training diverged. Train anew with a lower --learning-rate."
            )
    return stored


def wrapped_names(state: Sequence[str], prefix: str) -> dict[str, str]:
    """Return initializer names (those inside a wrapper) to tensor names."""
    return {f"{prefix}.{name}": name for name in state}
