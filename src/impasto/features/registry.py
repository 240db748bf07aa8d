"""The encoders by name, and the file that each is opened from."""

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from impasto.device.progress import OnProgress
from impasto.errors import ModelError, SettingError, did_you_mean
from impasto.features.embedded import Embedded
from impasto.features.encoder import Encoder
from impasto.features.resnet import ResNet
from impasto.features.tensors import load_tensors
from impasto.features.vgg import VGG, Edges, Pooling
from impasto.weights.store import KNOWN, find_weights

ENCODERS = ("embedded", *KNOWN)


def open_encoder(
    name: str = "embedded",
    *,
    weights: Path | None = None,
    dtype: torch.dtype = torch.float32,
    pooling: Pooling = "max",
    edges: Edges = "zero",
    on_progress: OnProgress | None = None,
) -> Encoder:
    """Return the encoder of that name, frozen, on the CPU.

    ``embedded`` is in the package. The others take `weights`, a safetensors or ``.pth`` file, or
    else the published file, from the cache or downloaded. Given weights called ``conv1_1`` ... are
    of the Caffe family, as are all under a name with ``-caffe``; others are torchvision's.

    Args:
        name: ``embedded``, ``vgg19``, ``vgg19-caffe``, ``vgg16``, ``vgg16-caffe``, ``resnet50``.
        dtype: of convolutions and features.
        pooling, edges: of VGG alone, see `VGG`.
        on_progress: hears ``download`` events, counted in bytes.

    Raises:
        SettingError: the name is unknown, or pooling or edges were asked of another encoder.
        ModelError: the weights are missing, damaged or another network's.
    """
    if name not in ENCODERS:
        raise SettingError(
            f'There is no encoder "{name}".{did_you_mean(name, ENCODERS)} '
            f"Choose one of {', '.join(ENCODERS)}."
        )
    network = name.removesuffix("-caffe")
    if not network.startswith("vgg") and (pooling, edges) != ("max", "zero"):
        raise SettingError(
            f"Pooling {pooling} with edges {edges} is for VGG alone, and the encoder is {name}. "
            "Leave both out, or choose vgg19."
        )
    if name == "embedded":
        return Embedded.open(weights, dtype)
    path, id = find_weights(name, weights, on_progress)
    tensors = load_tensors(path)
    try:
        if network == "resnet50":
            return ResNet(network, id, tensors, dtype=dtype)
        family = _family(name, id, tensors)
        return VGG(network, family, id, tensors, dtype=dtype, pooling=pooling, edges=edges)
    except ModelError as error:
        raise ModelError(f"{path}: {error}") from error


def _family(name: str, id: str, tensors: Mapping[str, Tensor]) -> str:
    """Tell the family by the name asked for, by a known hash, or by what the file calls layers."""
    if name.endswith("-caffe") or "conv1_1.weight" in tensors:
        return "caffe"
    known = [key for key, weights in KNOWN.items() if id.startswith(weights.sha256)]
    return "caffe" if any(key.endswith("-caffe") for key in known) else "torchvision"
