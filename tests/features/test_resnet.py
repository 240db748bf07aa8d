"""ResNet against its stages computed with the batch normalisation apart."""

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from impasto.errors import ModelError
from impasto.features.resnet import ResNet

Tensors = dict[str, Tensor]


def normalized(x: Tensor, tensors: Tensors, name: str) -> Tensor:
    mean, variance, gain, shift = (
        tensors[f"{name}.{part}"] for part in ("running_mean", "running_var", "weight", "bias")
    )
    return F.batch_norm(x, mean, variance, gain, shift)


def bottleneck(x: Tensor, tensors: Tensors, name: str, stride: int) -> Tensor:
    y = x
    for i, (step, padding) in enumerate([(1, 0), (stride, 1), (1, 0)], 1):
        y = F.conv2d(y, tensors[f"{name}.conv{i}.weight"], stride=step, padding=padding)
        y = normalized(y, tensors, f"{name}.bn{i}")
        y = F.relu(y) if i < 3 else y
    if f"{name}.downsample.0.weight" in tensors:
        x = F.conv2d(x, tensors[f"{name}.downsample.0.weight"], stride=stride)
        x = normalized(x, tensors, f"{name}.downsample.1")
    return F.relu(x + y)


def test_stages_are_what_they_are_by_hand(resnet_tensors: Tensors) -> None:
    encoder = ResNet("resnet50", "id", resnet_tensors)
    picture = torch.rand(2, 3, 64, 48, generator=torch.Generator().manual_seed(1))
    found = encoder(picture, encoder.layers)
    x = (picture - torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1)) / torch.tensor(
        [0.229, 0.224, 0.225]
    ).view(3, 1, 1)
    x = F.conv2d(x, resnet_tensors["conv1.weight"], stride=2, padding=3)
    x = F.relu(normalized(x, resnet_tensors, "bn1"))
    torch.testing.assert_close(found["stem"], x)
    x = F.max_pool2d(x, 3, 2, 1)
    for stage, blocks in {1: 2, 2: 1, 3: 1, 4: 1}.items():
        for block in range(blocks):
            stride = 2 if stage > 1 and block == 0 else 1
            x = bottleneck(x, resnet_tensors, f"layer{stage}.{block}", stride)
        torch.testing.assert_close(found[f"stage{stage}"], x, atol=1e-4, rtol=1e-4)
    assert [encoder.stride(layer) for layer in encoder.layers] == [2, 4, 8, 16, 32]


def test_other_and_incomplete_weights_are_refused(resnet_tensors: Tensors) -> None:
    for missing in ("conv1.weight", "layer3.0.conv3.weight", "layer2.0.bn2.running_var"):
        left = {key: tensor for key, tensor in resnet_tensors.items() if key != missing}
        with pytest.raises(ModelError, match="ResNet"):
            ResNet("resnet50", "id", left)
