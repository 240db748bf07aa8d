"""Inception-v3: the size of the published network, and a refusal of any other file."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from impasto.errors import ModelError
from impasto.evaluation.deep.inception import SMALLEST, Inception, _modules


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of the right shapes, random, with parts that are not needed, as the published one."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = nn.ModuleDict(_modules())
    path = tmp_path_factory.mktemp("inception") / "inception.safetensors"
    tensors = {
        name: t.half() if t.is_floating_point() else t for name, t in network.state_dict().items()
    }
    save_file({**tensors, "fc.weight": torch.zeros(2, 2048)}, path)
    return path


def test_it_has_the_published_size_and_2048_features(weights: Path) -> None:
    network = Inception(weights)
    assert sum(p.numel() for p in network.parameters()) == 21_785_568  # without the classifier
    with torch.inference_mode():
        features = network(torch.rand(2, 3, SMALLEST, SMALLEST + 30))
    assert features.shape == (2, 2048) and features.isfinite().all()
    assert not network.training


def test_another_network_is_refused(teacher: Path) -> None:
    with pytest.raises(ModelError, match="does not hold Inception-v3"):
        Inception(teacher)
