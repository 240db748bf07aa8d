"""What holds for every encoder: names, sizes, and how far a feature sees."""

from collections.abc import Callable, Iterator

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from impasto.errors import SettingError
from impasto.features.encoder import Cell, Encoder
from impasto.features.resnet import ResNet
from impasto.features.vgg import VGG

Tensors = dict[str, Tensor]


def make(name: str, vgg_tensors: Callable[[str], Tensors], resnet_tensors: Tensors) -> Encoder:
    """Make a network of positive weights: nothing is hidden by a ReLU, nothing cancels out."""
    tensors = resnet_tensors if name == "resnet50" else vgg_tensors(name)
    tensors = {key: t.abs() * ("running_mean" not in key) for key, t in tensors.items()}
    if name == "resnet50":
        return ResNet("resnet50", "id", tensors)
    return VGG(name, "torchvision", "id", tensors)


@pytest.fixture(params=["vgg19", "vgg16", "resnet50"])
def encoder(
    request: pytest.FixtureRequest,
    vgg_tensors: Callable[[str], Tensors],
    resnet_tensors: Tensors,
) -> Encoder:
    return make(request.param, vgg_tensors, resnet_tensors)


def picture(height: int, width: int) -> Tensor:
    return torch.rand(1, 3, height, width, generator=torch.Generator().manual_seed(1))


def bright(height: int, width: int) -> Tensor:
    """Give a picture without negative colors also after normalisation."""
    return 0.6 + 0.4 * picture(height, width)


def test_cells_follow_the_operations() -> None:
    assert Cell().through(3).reach == 1
    assert Cell().through(2, stride=2).reach == 0
    assert Cell().through(2, stride=2).through(3).reach == 2
    assert Cell().through(3, stride=2).through(3) == Cell(2, 3, 3)
    assert Cell().through(4, stride=2, padding=1).reach == 1
    assert Cell().through(5, padding=0) == Cell(1, 0, 4)


def test_a_feature_sees_as_far_as_its_reach_and_no_further(
    encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(F, "max_pool2d", F.avg_pool2d)  # a maximum hides what is not the largest
    for layer in (name for name in encoder.layers if not name.startswith("conv")):
        stride, reach = encoder.stride(layer), encoder.reach(layer)
        side = -(-(2 * reach + 2 * stride) // stride) * stride
        x = bright(1, side).expand(1, 3, stride, side).clone().requires_grad_()
        place = side // stride // 2  # the cell of this feature begins at pixel place * stride
        features = encoder(x, [layer])[layer]
        (seen,) = torch.autograd.grad(features[..., place].sum(), x)
        columns = seen.abs().sum((0, 1, 2)).nonzero().flatten()
        first, last = place * stride - reach, (place + 1) * stride - 1 + reach
        assert columns.min() >= first and columns.max() <= last, layer
        assert columns.min() == first or columns.max() == last, layer


def test_a_changed_pixel_is_seen_up_to_the_reach(
    vgg_tensors: Callable[[str], Tensors], resnet_tensors: Tensors
) -> None:
    encoder = make("vgg19", vgg_tensors, resnet_tensors)
    stride, reach = encoder.stride("conv3_1"), encoder.reach("conv3_1")
    assert (stride, reach) == (4, 10)
    x = bright(8, 64)
    before = encoder(x, ["conv3_1"])["conv3_1"]
    for beyond, same in ((reach + 1, True), (reach, False)):
        changed = x.clone()
        changed[..., 32 - beyond] += 1
        after = encoder(changed, ["conv3_1"])["conv3_1"]
        assert torch.equal(before[..., 8:], after[..., 8:]) is same


def test_sizes_follow_the_strides(encoder: Encoder) -> None:
    found = encoder(picture(64, 96), encoder.layers)
    assert tuple(found) == encoder.layers
    for layer, features in found.items():
        stride = encoder.stride(layer)
        assert features.shape[2:] == (64 // stride, 96 // stride), layer


def test_computes_no_deeper_than_asked(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    shallow, given = encoder.layers[1], list[str]()
    walk = encoder.walk

    def watched(x: Tensor, wanted: set[str]) -> Iterator[tuple[str, Tensor]]:
        for name, features in walk(x, wanted):
            given.append(name)
            yield name, features

    monkeypatch.setattr(encoder, "walk", watched)
    assert list(encoder(picture(32, 32), [shallow])) == [shallow]
    assert given[-1] == shallow
    assert encoder(picture(32, 32), []) == {} and given[-1] == shallow


def test_a_layer_is_the_same_whatever_else_is_asked(encoder: Encoder) -> None:
    x = picture(32, 32)
    for layer, features in encoder(x, encoder.layers).items():
        torch.testing.assert_close(features, encoder(x, [layer])[layer])


def test_is_frozen_and_lets_gradients_through(encoder: Encoder) -> None:
    assert not [p for p in encoder.parameters() if p.requires_grad]
    x = picture(32, 32).requires_grad_()
    total = torch.stack([f.mean() for f in encoder(x, encoder.layers).values()]).sum()
    (gradient,) = torch.autograd.grad(total, x)
    assert gradient.abs().sum() > 0


def test_unknown_layers_and_small_pictures_are_named(encoder: Encoder) -> None:
    deepest = encoder.layers[-1]
    with pytest.raises(SettingError, match=f'Did you mean "{deepest}"'):
        encoder(picture(32, 32), [f"{deepest[0]}-{deepest[1:]}"])
    with pytest.raises(SettingError, match="6 x 40 pixels is too small"):
        encoder(picture(40, 6), [deepest])
