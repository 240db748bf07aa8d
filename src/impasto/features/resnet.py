"""ResNet-50 (He et al. 2016) by stages, with torchvision's weights, frozen.

Layers: ``stem`` (after the first ReLU) and ``stage1`` to ``stage4``, each after its last ReLU.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

import torch
import torch.nn.functional as F
from torch import Tensor

from impasto.errors import ModelError
from impasto.features.encoder import Cell, Encoder
from impasto.features.vgg import FAMILIES

STAGES = ("layer1", "layer2", "layer3", "layer4")  # torchvision's names
EPSILON = 1e-5  # of its batch normalisation


class ResNet(Encoder):
    """ResNet of bottleneck blocks; each batch normalisation is folded into its convolution.

    Args:
        name: ``resnet50``.
        id: SHA-256 of the weights file.
        tensors: torchvision's ``conv1.weight``, ``bn1.weight``, ``layer1.0.conv1.weight`` ...;
            they say how many blocks each stage has.

    Raises:
        ModelError: the tensors are not those of such a network.
    """

    def __init__(
        self,
        name: str,
        id: str,
        tensors: Mapping[str, Tensor],
        *,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        blocks = [_count(tensors, stage) for stage in STAGES]
        family = FAMILIES["torchvision"]
        super().__init__(
            name, "torchvision", id, _cells(blocks), mean=family.mean, std=family.std, dtype=dtype
        )
        self.blocks = blocks
        for convolution, normalization in _pairs(tensors):
            kernel, bias = _folded(tensors, convolution, normalization)
            kernel = kernel.to(dtype).contiguous(memory_format=torch.channels_last)
            key = _key(convolution)
            self.register_buffer(f"kernel_{key}", kernel, persistent=False)
            self.register_buffer(f"bias_{key}", bias.to(dtype), persistent=False)

    def walk(self, x: Tensor, wanted: AbstractSet[str]) -> Iterator[tuple[str, Tensor]]:
        """Give the stem, then the stages."""
        x = F.relu(self._convolved(x, "conv1", stride=2))
        yield "stem", x
        x = F.max_pool2d(x, 3, 2, 1)
        for number, (stage, blocks) in enumerate(zip(STAGES, self.blocks, strict=True)):
            for block in range(blocks):
                x = self._block(x, f"{stage}.{block}", 2 if number and not block else 1)
            yield f"stage{number + 1}", x

    def _block(self, x: Tensor, name: str, stride: int) -> Tensor:
        """Run a bottleneck; its stride is in the middle, as torchvision has it."""
        y = F.relu_(self._convolved(x, f"{name}.conv1"))
        y = F.relu_(self._convolved(y, f"{name}.conv2", stride))
        y = self._convolved(y, f"{name}.conv3")
        if hasattr(self, f"kernel_{_key(f'{name}.downsample.0')}"):
            x = self._convolved(x, f"{name}.downsample.0", stride)
        return F.relu(x + y)

    def _convolved(self, x: Tensor, name: str, stride: int = 1) -> Tensor:
        kernel, bias = (getattr(self, f"{part}_{_key(name)}") for part in ("kernel", "bias"))
        return F.conv2d(x, kernel, bias, stride, kernel.shape[2] // 2)


def _key(name: str) -> str:
    return name.replace(".", "_")  # buffers are called without dots


def _count(tensors: Mapping[str, Tensor], stage: str) -> int:
    count = 0
    while f"{stage}.{count}.conv3.weight" in tensors:
        count += 1
    if not count or "conv1.weight" not in tensors:
        raise ModelError(
            "These are not weights of a ResNet of bottlenecks: "
            f"{stage if not count else 'conv1'} is missing. Give torchvision's ResNet-50."
        )
    return count


def _pairs(tensors: Mapping[str, Tensor]) -> Iterator[tuple[str, str]]:
    """Give every convolution with its normalisation: conv1 and bn1, downsample.0 and .1."""
    for key in tensors:
        name = key.removesuffix(".weight")
        head, _, last = name.rpartition(".")
        if name != key and last.startswith("conv"):
            yield name, ".".join(filter(None, (head, last.replace("conv", "bn"))))
        elif name != key and name.endswith("downsample.0"):
            yield name, f"{head}.1"


def _folded(
    tensors: Mapping[str, Tensor], convolution: str, normalization: str
) -> tuple[Tensor, Tensor]:
    """Return kernel and bias of a convolution and the normalisation after it, in one."""
    try:
        kernel = tensors[f"{convolution}.weight"]
        gain, shift, mean, variance = (
            tensors[f"{normalization}.{part}"]
            for part in ("weight", "bias", "running_mean", "running_var")
        )
    except KeyError as error:
        raise ModelError(
            f"These ResNet weights are incomplete: {error.args[0]} is missing. "
            "Give torchvision's ResNet-50."
        ) from error
    scale = gain / (variance + EPSILON).sqrt()
    return kernel * scale[:, None, None, None], shift - mean * scale


def _cells(blocks: list[int]) -> dict[str, Cell]:
    cell = Cell().through(7, stride=2)
    cells = {"stem": cell}
    cell = cell.through(3, stride=2)
    for number, count in enumerate(blocks):
        for block in range(count):  # the 1 x 1 convolutions see nothing beyond
            cell = cell.through(3, stride=2 if number and not block else 1)
        cells[f"stage{number + 1}"] = cell
    return cells
