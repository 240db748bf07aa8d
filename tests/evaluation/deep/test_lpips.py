"""LPIPS: 0 for equal pictures, and what PyTorch's own layers give with the same weights."""

import math
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from impasto.errors import ModelError
from impasto.evaluation.deep.lpips import LAYERS, LPIPS


@pytest.fixture(scope="module")
def alexnet() -> nn.Sequential:
    """AlexNet's features as torchvision orders them, random."""
    torch.manual_seed(0)
    pool, relu = nn.MaxPool2d(3, 2), nn.ReLU()
    return nn.Sequential(
        nn.Conv2d(3, 64, 11, 4, 2), relu, pool,
        nn.Conv2d(64, 192, 5, padding=2), relu, pool,
        nn.Conv2d(192, 384, 3, padding=1), relu,
        nn.Conv2d(384, 256, 3, padding=1), relu,
        nn.Conv2d(256, 256, 3, padding=1), relu,
    ).requires_grad_(False)  # fmt: skip


@pytest.fixture(scope="module")
def weights(alexnet: nn.Sequential, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Files of AlexNet and of LPIPS's linear layers."""
    folder = tmp_path_factory.mktemp("lpips")
    save_file(
        {f"features.{name}": t for name, t in alexnet.state_dict().items()},
        folder / "alexnet.safetensors",
    )
    lines = {f"lin{n}.model.1.weight": torch.rand(1, c.outputs, 1, 1) for n, c in enumerate(LAYERS)}
    torch.save(lines, folder / "alex.pth")
    return folder / "alexnet.safetensors", folder / "alex.pth"


def pictures() -> tuple[Tensor, Tensor]:
    """Return two pictures of noise."""
    one, other = torch.rand(2, 1, 3, 72, 80, generator=torch.Generator().manual_seed(1))
    return one, other


def test_equal_pictures_are_at_no_distance(weights: tuple[Path, Path]) -> None:
    lpips, (one, other) = LPIPS(*weights), pictures()
    assert lpips(one, one) == 0
    assert lpips(one, other) == pytest.approx(lpips(other, one))
    assert lpips(one, other) > 0


def test_it_is_what_the_paper_says(alexnet: nn.Sequential, weights: tuple[Path, Path]) -> None:
    def seen(x: Tensor) -> list[Tensor]:
        x = (2 * x - 1 - torch.tensor([-0.030, -0.088, -0.188]).view(1, 3, 1, 1)) / torch.tensor(
            [0.458, 0.448, 0.450]
        ).view(1, 3, 1, 1)
        found = []
        for place, layer in enumerate(alexnet):
            x = layer(x)
            if place in (1, 4, 7, 9, 11):
                found.append(nn.functional.normalize(x, dim=1))
        return found

    one, other = pictures()
    lines = torch.load(weights[1], weights_only=True).values()
    expected = sum(
        float(((a - b).square() * w).sum(1).mean())
        for a, b, w in zip(seen(one), seen(other), lines, strict=True)
    )
    assert LPIPS(*weights)(one, other) == pytest.approx(expected, rel=1e-4)


def test_a_picture_too_small_has_no_distance(weights: tuple[Path, Path]) -> None:
    small = torch.rand(1, 3, 30, 90)
    assert math.isnan(LPIPS(*weights)(small, small))
    assert LPIPS(*weights)(*(torch.ones(1, 3, 31, 31),) * 2) == 0


def test_files_of_other_networks_are_refused(weights: tuple[Path, Path]) -> None:
    with pytest.raises(ModelError, match=r"features\.0\.weight is not there"):
        LPIPS(weights[1], weights[0])
