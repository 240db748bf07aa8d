"""Small networks: the depth of VGG and ResNet, few channels, random weights."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

Tensors = dict[str, Tensor]
PLACES = {
    "vgg19": (0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28, 30, 32, 34),
    "vgg16": (0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28),
}


@pytest.fixture(scope="session")
def vgg_tensors() -> Callable[[str], Tensors]:
    """Weights of 4 to 6 channels under torchvision's names, with a classifier as those have."""

    def make(name: str) -> Tensors:
        random = torch.Generator().manual_seed(0)
        tensors, inputs = {"classifier.0.weight": torch.zeros(2, 2)}, 3
        for i, place in enumerate(PLACES[name]):
            width = 4 + i % 3
            kernel = torch.randn(width, inputs, 3, 3, generator=random) * (2 / 9 / inputs) ** 0.5
            tensors[f"features.{place}.weight"] = kernel
            tensors[f"features.{place}.bias"] = torch.rand(width, generator=random) * 0.2
            inputs = width
        return tensors

    return make


@pytest.fixture(scope="session")
def resnet_tensors() -> Tensors:
    """Two bottlenecks in the first stage, one in the others; 4 channels inside, 8 between."""
    random = torch.Generator().manual_seed(0)
    tensors: Tensors = {"fc.weight": torch.zeros(2, 8)}

    def add(convolution: str, normalization: str, outputs: int, inputs: int, size: int) -> None:
        kernel = torch.randn(outputs, inputs, size, size, generator=random)
        tensors[f"{convolution}.weight"] = kernel / (inputs * size**2) ** 0.5
        for part in ("weight", "bias", "running_mean", "running_var"):
            tensors[f"{normalization}.{part}"] = torch.rand(outputs, generator=random) + 0.5
        tensors[f"{normalization}.num_batches_tracked"] = torch.tensor(7)

    add("conv1", "bn1", 4, 3, 7)
    inputs = 4
    for name in ("layer1.0", "layer1.1", "layer2.0", "layer3.0", "layer4.0"):
        for i, (outputs, width, size) in enumerate([(4, inputs, 1), (4, 4, 3), (8, 4, 1)], 1):
            add(f"{name}.conv{i}", f"{name}.bn{i}", outputs, width, size)
        if name.endswith(".0"):
            add(f"{name}.downsample.0", f"{name}.downsample.1", 8, inputs, 1)
        inputs = 8
    return tensors
