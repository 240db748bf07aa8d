"""The loss network, with random weights of the right shapes."""

from pathlib import Path

import pytest
import torch

from impasto.errors import ModelError
from impasto.features.vgg import VGG19


def test_layers_have_the_sizes_of_vgg19(teacher: Path) -> None:
    found = VGG19(teacher)(torch.rand(2, 3, 32, 40))
    assert {name: tuple(x.shape) for name, x in found.items()} == {
        "relu1_1": (2, 64, 32, 40),
        "relu1_2": (2, 64, 32, 40),
        "relu2_1": (2, 128, 16, 20),
        "relu2_2": (2, 128, 16, 20),
        "relu3_1": (2, 256, 8, 10),
        "relu3_2": (2, 256, 8, 10),
        "relu3_3": (2, 256, 8, 10),
        "relu3_4": (2, 256, 8, 10),
    }


def test_stops_at_the_last_layer_asked_for(teacher: Path) -> None:
    assert list(VGG19(teacher)(torch.rand(1, 3, 16, 16), last="relu2_1"))[-1] == "relu2_1"


def test_has_nothing_to_train(teacher: Path) -> None:
    assert not list(VGG19(teacher).parameters())


def test_gradient_reaches_the_picture(teacher: Path) -> None:
    picture = torch.rand(1, 3, 16, 16, requires_grad=True)
    VGG19(teacher)(picture)["relu3_4"].sum().backward()
    assert picture.grad is not None and picture.grad.abs().sum() > 0


def test_another_file_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "teacher.safetensors"
    wrong.write_bytes(b"not weights")
    with pytest.raises(ModelError, match="--teacher"):
        VGG19(wrong)
