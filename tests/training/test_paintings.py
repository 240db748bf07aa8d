"""Paintings: from a file, a folder or the gallery; what is seen of them, what they are called."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from impasto.errors import TrainingError, UnknownStyle
from impasto.features.registry import open_encoder
from impasto.losses.perceptual import PerceptualCriterion, PerceptualWeights
from impasto.training.paintings import open_painting, open_paintings, picked, stacked

CPU = torch.device("cpu")


def test_a_painting_is_reduced_and_named(tmp_path: Path) -> None:
    Image.new("RGB", (200, 100), "navy").save(tmp_path / "My Sea.png")
    painting = open_painting(str(tmp_path / "My Sea.png"), 64)
    assert painting.tensor().shape == (3, 32, 64) and painting.long_side == 64
    assert painting.card["name"] == "my-sea" and painting.card["palette"][0][0] == "#000080"
    assert painting.sha256 == painting.card["sha256"]


def test_a_gallery_style_stands_for_its_painting() -> None:
    painting = open_painting("starry-night", 256)
    assert painting.card["title"] and painting.tensor().min() == 1
    encoder = open_encoder()
    seen = painting.moments(PerceptualCriterion(encoder), encoder.id, CPU)
    assert len(seen) == 8 and seen[0].mean.shape == (1, 64)
    assert all((one.variance >= 0).all() for one in seen)


def test_what_a_gallery_style_does_not_hold_is_refused(teacher: Path) -> None:
    painting, own = open_painting("starry-night", 256), open_encoder()
    other = open_encoder("vgg19", weights=teacher)
    with pytest.raises(TrainingError, match="leave out --teacher"):
        painting.moments(PerceptualCriterion(other), other.id, CPU)
    full = PerceptualCriterion(own, PerceptualWeights(covariance=1))
    with pytest.raises(TrainingError, match="--covariance-weight"):
        painting.moments(full, own.id, CPU)


def test_folders_are_opened_and_doubles_left_out(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    random = np.random.default_rng(0)
    for name in ("b.png", "a.png", "other/a.jpg"):
        Image.fromarray(random.integers(0, 255, (9, 9, 3), np.uint8)).save(tmp_path / name)
    (tmp_path / "copy.png").write_bytes((tmp_path / "b.png").read_bytes())
    (tmp_path / "notes.txt").write_text("no picture")
    found = open_paintings([str(tmp_path), "great-wave"], 64)
    assert [one.card["name"] for one in found] == ["a", "b", "a-2", "great-wave"]


def test_none_and_unknown_ones_are_named(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="Which paintings"):
        open_paintings([], 64)
    with pytest.raises(TrainingError, match="holds no paintings"):
        open_paintings([str(tmp_path)], 64)
    with pytest.raises(UnknownStyle, match="starry-night"):
        open_painting("stary-night", 64)


def test_targets_are_picked_by_row() -> None:
    encoder = open_encoder()
    criterion = PerceptualCriterion(encoder)
    pictures = torch.rand(3, 1, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    targets = [criterion.style_moments(one) for one in pictures]
    some = picked(stacked(targets), torch.tensor([2, 0, 2]))
    assert torch.equal(some[3].mean[1], targets[0][3].mean[0])
    assert torch.equal(some[3].covariance[2], targets[2][3].covariance[0])
