"""VGG against its layers computed one by one, in both families and from both kinds of names."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from impasto.errors import ModelError, SettingError
from impasto.features.tensors import load_tensors
from impasto.features.vgg import VGG

Tensors = dict[str, Tensor]
Make = Callable[[str], Tensors]
MEAN, STD = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
CAFFE_MEAN = torch.tensor([103.939, 116.779, 123.68])  # blue, green, red


def vgg(tensors: Tensors, name: str = "vgg19", family: str = "torchvision", **more: object) -> VGG:
    return VGG(name, family, "id", tensors, **more)  # type: ignore[arg-type]


def picture(side: int = 32) -> Tensor:
    return torch.rand(1, 3, side, side, generator=torch.Generator().manual_seed(1))


def for_caffe(tensors: Tensors) -> Tensors:
    """Give the weights that see in BGR and 0 to 255 what these see in RGB, off the border."""
    kernel, bias = tensors["features.0.weight"], tensors["features.0.bias"]
    kernel = kernel / STD.view(3, 1, 1)
    shift = CAFFE_MEAN.flip(0) / 255 - MEAN
    bias = bias + (kernel.sum((2, 3)) * shift).sum(1)
    return tensors | {"features.0.weight": kernel.flip(1) / 255, "features.0.bias": bias}


@pytest.mark.parametrize("name", ["vgg19", "vgg16"])
def test_layers_are_what_they_are_by_hand(name: str, vgg_tensors: Make) -> None:
    tensors = vgg_tensors(name)
    encoder = vgg(tensors, name)
    found = encoder(picture(), encoder.layers)
    x = (picture() - MEAN.view(3, 1, 1)) / STD.view(3, 1, 1)
    at = -2
    for layer in encoder.layers[::2]:
        step = 3 if layer.endswith("_1") and layer != "conv1_1" else 2
        x, at = F.max_pool2d(x, 2) if step == 3 else x, at + step
        x = F.conv2d(x, tensors[f"features.{at}.weight"], tensors[f"features.{at}.bias"], padding=1)
        torch.testing.assert_close(found[layer], x, msg=layer)
        x = F.relu(x)
        torch.testing.assert_close(found[layer.replace("conv", "relu")], x, msg=layer)
    assert encoder.layers[-1] == ("relu5_4" if name == "vgg19" else "relu5_3")


def test_both_families_see_the_same_with_converted_weights(vgg_tensors: Make) -> None:
    tensors = vgg_tensors("vgg19")
    ours = vgg(tensors)(picture(), ["relu2_2"])["relu2_2"]
    caffe = vgg(for_caffe(tensors), family="caffe")(picture(), ["relu2_2"])["relu2_2"]
    inside = slice(4, -4)  # the zeros around the picture are another color to each
    torch.testing.assert_close(
        ours[..., inside, inside], caffe[..., inside, inside], atol=1e-4, rtol=1e-4
    )


def test_average_pooling_keeps_the_size_of_activations(vgg_tensors: Make) -> None:
    encoder = vgg(vgg_tensors("vgg19"), pooling="average")
    found = encoder(picture(), ["relu1_2", "conv2_1"])
    pooled = F.avg_pool2d(found["relu1_2"], 2) * 2
    torch.testing.assert_close(found["conv2_1"], encoder._convolved(pooled, "2_1"))


def test_replicated_edges_show_no_frame_on_a_flat_picture(vgg_tensors: Make) -> None:
    flat = torch.full((1, 3, 16, 16), 0.7)
    for dtype in (torch.float32, torch.bfloat16):
        encoder = vgg(vgg_tensors("vgg19"), edges="replicate", dtype=dtype)
        found = encoder(flat, ["relu1_1"])["relu1_1"]
        torch.testing.assert_close(found, found[..., :1, :1].expand_as(found))
    framed = vgg(vgg_tensors("vgg19"))(flat, ["relu1_1"])["relu1_1"]
    assert not torch.allclose(framed, framed[..., 8:9, 8:9].expand_as(framed))


def test_half_precision_is_near(vgg_tensors: Make) -> None:
    tensors = vgg_tensors("vgg16")
    exact = vgg(tensors, "vgg16")(picture(), ["relu3_1"])["relu3_1"]
    half = vgg(tensors, "vgg16", dtype=torch.bfloat16)(picture(), ["relu3_1"])["relu3_1"]
    assert half.dtype == torch.bfloat16
    assert (half.float() - exact).norm() < 0.03 * exact.norm()


def test_gradients_are_right(vgg_tensors: Make) -> None:
    tensors = {key: tensor.double() for key, tensor in vgg_tensors("vgg19").items()}
    encoder = vgg(tensors, dtype=torch.float64, pooling="average")
    x = picture(4).double().requires_grad_()
    assert torch.autograd.gradcheck(
        lambda t: tuple(encoder(t, ["conv1_2", "relu2_1"]).values()), x, fast_mode=True
    )


def test_a_file_of_the_first_layers_is_an_encoder_of_them(teacher: Path) -> None:
    encoder = vgg(load_tensors(teacher), family="caffe")
    assert encoder.layers[-1] == "relu3_4"
    with pytest.raises(SettingError, match="ends with conv3_4: it has no relu4_1"):
        encoder(picture(), ["relu4_1"])
    with pytest.raises(SettingError, match='no layer "relu9_1"'):
        encoder(picture(), ["relu9_1"])


def test_weights_of_another_network_are_refused(vgg_tensors: Make, resnet_tensors: Tensors) -> None:
    deep = vgg_tensors("vgg19")
    normalized = {"features.0.weight": deep["features.0.weight"]}
    normalized |= {"features.0.bias": deep["features.0.bias"], "features.3.weight": torch.ones(4)}
    for name, tensors, why in (
        ("vgg16", deep, "has no place"),
        ("vgg19", vgg_tensors("vgg16"), "has no place"),
        ("vgg19", normalized, "features.3 has no place"),
        ("vgg19", resnet_tensors, "has no place"),
        ("vgg19", {}, "neither"),
        ("vgg19", {"conv1_1.weight": torch.ones(4, 3, 5, 5)}, "kernel of"),
    ):
        with pytest.raises(ModelError, match=why):
            vgg(tensors, name)
