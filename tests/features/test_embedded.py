"""The embedded encoder: its layers are the teacher's in name, place and size."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from impasto.errors import ModelError, SettingError
from impasto.features.embedded import LAYERS, SHIPPED, WIDTHS, Embedded, EmbeddedNetwork

STRIDES = {"relu1_1": 1, "relu2_1": 2, "relu3_1": 4, "relu3_4": 4}


@pytest.fixture(scope="module")
def encoder() -> Embedded:
    return Embedded.open()


def test_layers_have_the_channels_and_strides_of_the_teacher(encoder: Embedded) -> None:
    features = encoder(torch.rand(2, 3, 37, 50), LAYERS)
    assert tuple(features) == encoder.layers == LAYERS
    for name, x in features.items():
        stride = STRIDES[name]
        assert encoder.stride(name) == stride
        assert x.shape == (2, WIDTHS[name], 37 // stride, 50 // stride)
        assert (x >= 0).all()


@pytest.mark.parametrize("layer", LAYERS)
def test_a_feature_depends_on_no_pixel_beyond_its_reach(encoder: Embedded, layer: str) -> None:
    picture = torch.rand(1, 3, 96, 96, requires_grad=True)
    x = encoder(picture, (layer,))[layer]
    place, stride = 48 // STRIDES[layer], STRIDES[layer]
    x[0, :, place, place].sum().backward()
    assert picture.grad is not None
    rows = torch.nonzero(picture.grad[0].abs().sum((0, 2)))[:, 0]
    first, last = 48 - encoder.reach(layer), 48 + stride - 1 + encoder.reach(layer)
    assert first <= rows.min() and rows.max() <= last


def test_no_layer_deeper_than_asked_for_is_computed(
    encoder: Embedded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(encoder.network.trunk._modules, "relu3_1")
    assert tuple(encoder(torch.rand(1, 3, 16, 16), ("relu2_1",))) == ("relu2_1",)


def test_it_is_frozen_and_small(encoder: Embedded) -> None:
    assert not any(p.requires_grad for p in encoder.parameters())
    assert SHIPPED.stat().st_size <= 4 * 2**20


def test_half_precision_agrees(encoder: Embedded) -> None:
    picture = torch.rand(1, 3, 32, 32)
    exact, half = (e(picture, LAYERS) for e in (encoder, Embedded.open(dtype=torch.bfloat16)))
    for name in LAYERS:
        assert half[name].dtype == torch.bfloat16
        error = (half[name].float() - exact[name]).norm() / exact[name].norm()
        assert error < 0.03


def test_an_unknown_layer_is_named(encoder: Embedded) -> None:
    with pytest.raises(SettingError, match="relu3_4"):
        encoder(torch.rand(1, 3, 16, 16), ("relu3_3",))


def test_other_weights_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"gone\.safetensors"):
        Embedded.open(tmp_path / "gone.safetensors")
    weights = EmbeddedNetwork().state_dict()
    weights.pop("heads.relu3_4.bias")
    save_file(weights, tmp_path / "less.safetensors")
    with pytest.raises(ModelError, match="embedded encoder"):
        Embedded.open(tmp_path / "less.safetensors")
