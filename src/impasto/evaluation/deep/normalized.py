"""The normalised VGG-19 that published losses were taken with: AdaIN's vgg_normalised.pth."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path

import torch.nn.functional as F
from torch import Tensor

from impasto.errors import ModelError
from impasto.features.encoder import Cell, Encoder
from impasto.features.tensors import load_tensors
from impasto.weights.files import sha256_of

# The place of every convolution in the file; pooling goes before each block but the first.
PLACES = {
    "1_1": 2, "1_2": 5, "2_1": 9, "2_2": 12, "3_1": 16, "3_2": 19, "3_3": 22, "3_4": 25,
    "4_1": 29, "4_2": 32, "4_3": 35, "4_4": 38, "5_1": 42,
}  # fmt: skip


class NormalizedVGG(Encoder):
    """VGG-19 to relu5_1 with features of mean 1, and reflected borders (Huang and Belongie 2017).

    Raises ModelError where the file is missing, damaged or of another network.
    """

    def __init__(self, path: Path) -> None:
        tensors = load_tensors(path)
        super().__init__("vgg19-normalized", "adain", sha256_of(path), _cells())
        try:
            for place in (0, *PLACES.values()):
                self.register_buffer(f"kernel{place}", tensors[f"{place}.weight"].float())
                self.register_buffer(f"bias{place}", tensors[f"{place}.bias"].float())
        except KeyError as error:
            raise ModelError(
                f"{path} is not vgg_normalised.pth of AdaIN: it has no {error}. Give that file, or "
                "weights of VGG-19 as torchvision or Caffe name them."
            ) from error

    def walk(self, x: Tensor, wanted: AbstractSet[str]) -> Iterator[tuple[str, Tensor]]:
        """Give the features after every ReLU."""
        x = self._convolved(x, 0)  # to blue, green, red, and the range of the first one
        for key, place in PLACES.items():
            if key.endswith("_1") and key != "1_1":
                x = F.max_pool2d(x, 2, ceil_mode=True)
            x = F.relu(self._convolved(F.pad(x, (1, 1, 1, 1), "reflect"), place))
            yield f"relu{key}", x

    def _convolved(self, x: Tensor, place: int) -> Tensor:
        return F.conv2d(x, self.get_buffer(f"kernel{place}"), self.get_buffer(f"bias{place}"))


def is_normalized(tensors: Mapping[str, Tensor]) -> bool:
    """Return whether a weights file begins as vgg_normalised.pth does, with a change of colors."""
    first = tensors.get("0.weight")
    return first is not None and tuple(first.shape) == (3, 3, 1, 1)


def _cells() -> dict[str, Cell]:
    cell, cells = Cell(), {}
    for key in PLACES:
        if key.endswith("_1") and key != "1_1":
            cell = cell.through(2, stride=2)
        cell = cell.through(3)
        cells[f"relu{key}"] = cell
    return cells
