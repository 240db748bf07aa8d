"""The encoder inside the package: a small network that answers as the first layers of VGG-19 do.

It was taught by VGG-19 (Simonyan and Zisserman 2014, Caffe family) to give the same features at the
same layers, at a fraction of the work (`impasto.training.encoder`).
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor, nn

from impasto.errors import ModelError
from impasto.features.encoder import Cell, Encoder
from impasto.weights.files import sha256_of

SHIPPED = Path(__file__).parent.parent / "models" / "encoder" / "encoder.safetensors"
MEAN = (123.68 / 255, 116.779 / 255, 103.939 / 255)  # what the teacher removes, so that the zeros
STD = (0.25, 0.25, 0.25)  # beyond the border mean the same to both

# The trunk: widths of its 3 x 3 convolutions and pooling, by the layer that they end in. It is the
# teacher thinned: few channels tell most of what all do, and a head guesses the others.
POOL = 0
TRUNK = {
    "relu1_1": (64,),
    "relu2_1": (32, POOL, 128),
    "relu3_1": (64, POOL, 256),
    "relu3_4": (96, 96, 128),
}
LAYERS = tuple(TRUNK)
WIDTHS = {"relu1_1": 64, "relu2_1": 128, "relu3_1": 256, "relu3_4": 256}  # the teacher's


class EmbeddedNetwork(nn.Module):
    """Convolutions with zeros beyond the border, and a 1 x 1 head for each wider layer."""

    def __init__(self) -> None:
        super().__init__()
        self.trunk = nn.ModuleDict()
        self.heads = nn.ModuleDict()
        inputs = 3
        for name, widths in TRUNK.items():
            stage = nn.ModuleList()
            for width in filter(None, widths):
                stage.append(nn.Conv2d(inputs, width, 3, padding=1))
                inputs = width
            self.trunk[name] = stage
            if inputs != WIDTHS[name]:
                self.heads[name] = nn.Conv2d(inputs, WIDTHS[name], 1)

    def walk(self, x: Tensor, wanted: AbstractSet[str]) -> Iterator[tuple[str, Tensor]]:
        """Give the features of the wanted layers, from shallow to deep; `x` is normalised."""
        for name, widths in TRUNK.items():
            convolutions = iter(self.convolutions(name))
            for width, following in zip(widths, (*widths[1:], None), strict=True):
                if width == POOL:
                    continue
                x = next(convolutions)(x)
                # The largest rectified is the largest, rectified: a quarter of the work.
                x = F.relu_(F.max_pool2d(x, 2) if following == POOL else x)
            if name in wanted:
                yield name, F.relu_(self.heads[name](x)) if name in self.heads else x

    def convolutions(self, layer: str) -> list[nn.Conv2d]:
        """Return those of the trunk that lead from the layer before to this one."""
        return [module for module in self.trunk[layer].children() if isinstance(module, nn.Conv2d)]

    def last(self, layer: str) -> nn.Conv2d:
        """Return the convolution that makes a layer: its head, or the last of its trunk."""
        last = self.heads[layer] if layer in self.heads else self.trunk[layer][-1]  # type: ignore[index]
        assert isinstance(last, nn.Conv2d)
        return last


class Embedded(Encoder):
    """The network as an encoder; `open` gives the frozen one, training makes its own."""

    def __init__(
        self, network: EmbeddedNetwork, id: str = "", dtype: torch.dtype = torch.float32
    ) -> None:
        super().__init__("embedded", "embedded", id, _cells(), mean=MEAN, std=STD, dtype=dtype)
        self.network = network

    @classmethod
    def open(cls, path: Path | None = None, dtype: torch.dtype = torch.float32) -> "Embedded":
        """Return the encoder of a weights file, frozen; without a path the one of the package.

        Raises ModelError where the file is missing, damaged or made for another network.
        """
        path = path or SHIPPED
        network = EmbeddedNetwork()
        try:
            id = sha256_of(path)
            network.load_state_dict({name: t.float() for name, t in load_file(path).items()})
        except Exception as error:
            reason = str(error).splitlines()[0] if path.exists() else "there is no such file"
            raise ModelError(
                f"{path} does not hold the weights of the embedded encoder ({reason}). "
                "Install Impasto again, or name a file that impasto train encoder made."
            ) from error
        network.to(dtype=dtype, memory_format=torch.channels_last)  # type: ignore[call-overload]
        return cls(network.requires_grad_(False), id, dtype)

    def walk(self, x: Tensor, wanted: AbstractSet[str]) -> Iterator[tuple[str, Tensor]]:
        return self.network.walk(x, wanted)


def _cells() -> dict[str, Cell]:
    cell, cells = Cell(), {}
    for name, widths in TRUNK.items():
        for width in widths:
            cell = cell.through(2, stride=2) if width == POOL else cell.through(3)
        cells[name] = cell
    return cells
