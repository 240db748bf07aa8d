"""Encoders by name: which network, which family, from which file."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor

from impasto.errors import ModelError, SettingError
from impasto.features import registry
from impasto.features.registry import open_encoder
from impasto.weights.files import sha256_of
from impasto.weights.store import KNOWN, KnownWeights

Make = Callable[[str], dict[str, Tensor]]


@pytest.fixture
def saved(tmp_path: Path, vgg_tensors: Make) -> Path:
    torch.save(vgg_tensors("vgg16"), tmp_path / "own.pth")
    return tmp_path / "own.pth"


def test_an_encoder_knows_what_it_was_made_of(saved: Path) -> None:
    encoder = open_encoder("vgg16", weights=saved, dtype=torch.bfloat16, pooling="average")
    assert (encoder.name, encoder.family) == ("vgg16", "torchvision")
    assert encoder.id == sha256_of(saved)
    assert encoder.dtype == torch.bfloat16


def test_the_family_is_told_by_name_hash_or_layers(
    saved: Path, teacher: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert open_encoder("vgg19", weights=teacher).family == "caffe"
    assert open_encoder("vgg16", weights=saved).family == "torchvision"
    assert open_encoder("vgg16-caffe", weights=saved).family == "caffe"
    known = KnownWeights("https://example.org/x.pth", sha256_of(saved)[:8], 1)
    monkeypatch.setattr(registry, "KNOWN", KNOWN | {"vgg16-caffe": known})
    assert open_encoder("vgg16", weights=saved).family == "caffe"


def test_resnet_opens(resnet_tensors: dict[str, Tensor], tmp_path: Path) -> None:
    torch.save(resnet_tensors, tmp_path / "own.pth")
    encoder = open_encoder("resnet50", weights=tmp_path / "own.pth")
    assert encoder.layers == ("stem", "stage1", "stage2", "stage3", "stage4")


def test_wrong_words_are_named(saved: Path) -> None:
    with pytest.raises(SettingError, match='Did you mean "vgg19"'):
        open_encoder("vgg-19")
    for name in ("embedded", "resnet50"):
        with pytest.raises(SettingError, match="for VGG alone"):
            open_encoder(name, pooling="average")
    with pytest.raises(ModelError, match=r"own\.pth: These are not weights of vgg19"):
        open_encoder("vgg19", weights=saved)


def test_the_published_file_is_asked_for_where_none_is_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("IMPASTO_OFFLINE", "1")
    with pytest.raises(ModelError, match="vgg19-dcbb9e9d"):
        open_encoder("vgg19")
