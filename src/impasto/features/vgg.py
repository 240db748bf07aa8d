"""VGG-19 and VGG-16 (Simonyan and Zisserman 2014), layer by named layer, frozen.

Layers are called ``conv3_1`` and ``relu3_1``: block, place in it, before or after the ReLU.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor

from impasto.errors import ModelError, SettingError
from impasto.features.encoder import Cell, Encoder

BLOCKS = {"vgg19": (2, 2, 4, 4, 4), "vgg16": (2, 2, 3, 3, 3)}  # convolutions; pooling in between

Pooling = Literal["max", "average"]
Edges = Literal["zero", "replicate"]


@dataclass(frozen=True)
class Family:
    """What a family of weights expects of a picture in RGB and [0, 1]."""

    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    bgr: bool  # the first convolution takes blue, green, red


FAMILIES = {
    "caffe": Family((123.68 / 255, 116.779 / 255, 103.939 / 255), (1 / 255,) * 3, bgr=True),
    "torchvision": Family((0.485, 0.456, 0.406), (0.229, 0.224, 0.225), bgr=False),
}


class VGG(Encoder):
    """VGG with as many layers as its weights hold.

    Args:
        name: ``vgg19`` or ``vgg16``.
        family: ``caffe`` or ``torchvision``.
        id: SHA-256 of the weights file.
        tensors: ``conv1_1.weight``, ``conv1_1.bias`` ... or torchvision's ``features.0.weight`` ...
        pooling: max as trained, or average, doubled so that activations keep their size.
        edges: what the first convolution sees beyond the picture: zero as trained, or the border
            again, which leaves less of a frame (both after Crowson, style-transfer-pytorch).

    Raises:
        ModelError: the tensors are not those of this network.
    """

    def __init__(
        self,
        name: str,
        family: str,
        id: str,
        tensors: Mapping[str, Tensor],
        *,
        dtype: torch.dtype = torch.float32,
        pooling: Pooling = "max",
        edges: Edges = "zero",
    ) -> None:
        found = _convolutions(name, tensors)
        normal = FAMILIES[family]
        super().__init__(
            name, family, id, _cells(found), mean=normal.mean, std=normal.std, dtype=dtype
        )
        self.convolutions = tuple(found)
        self.pooling, self.edges = pooling, edges
        for key, (kernel, bias) in found.items():
            if key == "1_1" and normal.bgr:
                kernel = kernel.flip(1)
            kernel = kernel.to(dtype).contiguous(memory_format=torch.channels_last)
            self.register_buffer(f"kernel{key}", kernel, persistent=False)
            self.register_buffer(f"bias{key}", bias.to(dtype), persistent=False)

    def walk(self, x: Tensor, wanted: AbstractSet[str]) -> Iterator[tuple[str, Tensor]]:
        """Give ``conv`` and ``relu`` layers, pooling before each block but the first."""
        for key in self.convolutions:
            if _opens_block(key):
                x = self._pooled(x)
            x = self._convolved(x, key)
            if f"conv{key}" in wanted:
                yield f"conv{key}", x
                x = F.relu(x)
            else:
                x = F.relu_(x)  # one pass over memory less
            yield f"relu{key}", x

    def check_layers(self, names: Iterable[str]) -> None:
        """Raise SettingError for unknown layers and for those that the weights end before."""
        names = tuple(names)
        beyond = {f"{kind}{key}" for key in _keys(self.name) for kind in ("conv", "relu")}
        for name in names:
            if name in beyond.difference(self.layers):
                raise SettingError(
                    f"The weights file of {self.name} ends with conv{self.convolutions[-1]}: it "
                    f"has no {name}. Choose a layer up to {self.layers[-1]}, or give a file with "
                    "all layers."
                )
        super().check_layers(names)

    def _convolved(self, x: Tensor, key: str) -> Tensor:
        padding = 1
        if key == "1_1" and self.edges == "replicate":
            x, padding = F.pad(x, (1, 1, 1, 1), "replicate"), 0
        return F.conv2d(x, getattr(self, f"kernel{key}"), getattr(self, f"bias{key}"), 1, padding)

    def _pooled(self, x: Tensor) -> Tensor:
        if self.pooling == "max":
            return F.max_pool2d(x, 2)
        return F.avg_pool2d(x, 2, divisor_override=2)


def _keys(name: str) -> list[str]:
    """Return the convolutions of a network: ``1_1``, ``1_2``, ``2_1`` ..."""
    return [f"{block}_{i}" for block, n in enumerate(BLOCKS[name], 1) for i in range(1, n + 1)]


def _opens_block(key: str) -> bool:
    """Whether pooling comes before this convolution."""
    return key.endswith("_1") and key != "1_1"


def _convolutions(name: str, tensors: Mapping[str, Tensor]) -> dict[str, tuple[Tensor, Tensor]]:
    """Return kernel and bias of every convolution from the first up to one that is missing."""
    there = {key.removesuffix(".weight") for key in tensors if key.endswith(".weight")}
    found: dict[str, tuple[Tensor, Tensor]] = {}
    channels = 3
    for key, aliases in _aliases(name).items():
        alias = next((a for a in aliases if a in there), None)
        if alias is None:
            break
        there.remove(alias)
        kernel, bias = tensors[f"{alias}.weight"], tensors.get(f"{alias}.bias", torch.empty(0))
        if kernel.shape != (len(bias), channels, 3, 3):
            raise _not_weights_of(name, f"{alias} has a kernel of {tuple(kernel.shape)}")
        found[key], channels = (kernel, bias), len(bias)
    left = sorted(key for key in there if key.startswith(("conv", "features.")))
    if left:  # another depth, or with batch normalisation
        raise _not_weights_of(name, f"{left[0]} has no place")
    if not found:
        raise _not_weights_of(name, "there is neither conv1_1.weight nor features.0.weight")
    return found


def _aliases(name: str) -> dict[str, tuple[str, str]]:
    """Return what files call each convolution; torchvision counts pooling and ReLU too."""
    aliases, index = {}, 0
    for key in _keys(name):
        index += _opens_block(key)
        aliases[key] = (f"conv{key}", f"features.{index}")
        index += 2
    return aliases


def _not_weights_of(name: str, why: str) -> ModelError:
    return ModelError(
        f"These are not weights of {name}: {why}. Give a file with conv1_1.weight, conv1_1.bias "
        "and so on, or with torchvision's names."
    )


def _cells(convolutions: Iterable[str]) -> dict[str, Cell]:
    cell, cells = Cell(), {}
    for key in convolutions:
        if _opens_block(key):
            cell = cell.through(2, stride=2)
        cell = cell.through(3)
        cells[f"conv{key}"] = cells[f"relu{key}"] = cell
    return cells
