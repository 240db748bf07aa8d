"""LPIPS: how unlike two pictures look, by the features of AlexNet (Zhang et al. 2018)."""

from pathlib import Path
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from impasto.errors import ModelError
from impasto.features.tensors import load_tensors
from impasto.weights.files import sha256_of


class Convolution(NamedTuple):
    """One of AlexNet's convolutions, by its place among torchvision's ``features``."""

    place: int
    inputs: int
    outputs: int
    kernel: int
    stride: int
    padding: int
    pooled: bool  # a 3 x 3 maximum of stride 2 goes before


LAYERS = (
    Convolution(0, 3, 64, 11, 4, 2, False),
    Convolution(3, 64, 192, 5, 1, 2, True),
    Convolution(6, 192, 384, 3, 1, 1, True),
    Convolution(8, 384, 256, 3, 1, 1, False),
    Convolution(10, 256, 256, 3, 1, 1, False),
)
SHIFT = (-0.030, -0.088, -0.188)  # of red, green and blue in [-1, 1]
SCALE = (0.458, 0.448, 0.450)
SMALLEST = 31  # pixels a side, that every layer still has a feature


class LPIPS:
    """The distance, version 0.1, of weights that were published.

    Args:
        alexnet: torchvision's AlexNet, ``features.0.weight`` ... (ImageNet).
        linear: how much each channel counts, ``lin0.model.1.weight`` ... of LPIPS v0.1.

    Raises:
        ModelError: a file is missing, damaged or holds another network.
    """

    def __init__(self, alexnet: Path, linear: Path) -> None:
        tensors, weights = load_tensors(alexnet), load_tensors(linear)
        self.convolutions = [_convolution(tensors, layer, alexnet) for layer in LAYERS]
        self.linear = [
            _taken(weights, f"lin{number}.model.1.weight", (1, c.outputs, 1), linear)
            for number, c in enumerate(LAYERS)
        ]
        self.id = sha256_of((sha256_of(alexnet) + sha256_of(linear)).encode())
        self.shift = torch.tensor(SHIFT).view(1, 3, 1, 1)
        self.scale = torch.tensor(SCALE).view(1, 3, 1, 1)

    def __call__(self, painted: Tensor, content: Tensor) -> float:
        """Return the distance of two pictures, 1 3 H W in [0, 1]; nan below 31 pixels a side."""
        if min(painted.shape[2:]) < SMALLEST:
            return float("nan")
        pairs = zip(self._seen(painted), self._seen(content), self.linear, strict=True)
        return float(sum((F.conv2d((x - y).square(), weight).mean()) for x, y, weight in pairs))

    def _seen(self, picture: Tensor) -> list[Tensor]:
        """Return the features of each layer, of length 1 at every place."""
        x, found = (picture * 2 - 1 - self.shift) / self.scale, []
        for layer, (kernel, bias) in zip(LAYERS, self.convolutions, strict=True):
            x = F.max_pool2d(x, 3, 2) if layer.pooled else x
            x = F.relu(F.conv2d(x, kernel, bias, layer.stride, layer.padding))
            found.append(x / (x.square().sum(1, keepdim=True).sqrt() + 1e-10))
        return found


def _convolution(
    tensors: dict[str, Tensor], layer: Convolution, path: Path
) -> tuple[Tensor, Tensor]:
    name, shape = f"features.{layer.place}", (layer.outputs, layer.inputs, layer.kernel)
    kernel = _taken(tensors, f"{name}.weight", shape, path)
    return kernel, _taken(tensors, f"{name}.bias", shape[:1], path)


def _taken(tensors: dict[str, Tensor], name: str, shape: tuple[int, ...], path: Path) -> Tensor:
    """Return a tensor of a file; raise ModelError where it is missing or of another shape."""
    wanted = (*shape, shape[-1]) if len(shape) == 3 else shape
    found = tensors.get(name)
    if found is None or tuple(found.shape) != wanted:
        came = "is not there" if found is None else f"is {tuple(found.shape)}"
        raise ModelError(
            f"{path} is not what LPIPS needs: {name} {came}, expected {wanted}. Give torchvision's "
            "AlexNet with --alexnet and alex.pth of LPIPS v0.1 with --lpips."
        )
    return found.float()
