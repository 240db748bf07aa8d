"""Inception-v3 (Szegedy et al. 2016) as ArtFID uses it: a picture to 2048 features.

Layers are called as in torchvision, so that its weights and art_inception.pth fit.
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from impasto.errors import ModelError
from impasto.features.tensors import load_tensors
from impasto.weights.files import sha256_of

SMALLEST = 75  # pixels a side, that the last pooling still has something to pool

Size = int | tuple[int, int]


class Unit(nn.Module):
    """Convolution without bias, batch normalisation, ReLU."""

    def __init__(
        self, inputs: int, outputs: int, kernel: Size, stride: int = 1, padding: Size = 0
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=False)
        self.bn = nn.BatchNorm2d(outputs, eps=0.001)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.bn(self.conv(x)))


class Branches(nn.Module):
    """Paths of units side by side, their results joined; `pooling` says what the last one pools.

    A path is a list of names, or pairs of names that split it and are joined again.
    """

    def __init__(
        self, units: dict[str, Unit], paths: list[list[str | tuple[str, str]]], pooling: str
    ) -> None:
        super().__init__()
        for name, unit in units.items():
            self.add_module(name, unit)
        self.paths, self.pooling = paths, pooling

    def forward(self, x: Tensor) -> Tensor:
        found = [self._walked(x, path) for path in self.paths]
        if self.pooling == "max":
            found.append(F.max_pool2d(x, 3, 2))
        else:
            found.append(self.get_submodule("branch_pool")(F.avg_pool2d(x, 3, 1, 1)))
        return torch.cat(found, 1)

    def _walked(self, x: Tensor, path: list[str | tuple[str, str]]) -> Tensor:
        for step in path:
            if isinstance(step, str):
                x = self.get_submodule(step)(x)
            else:
                x = torch.cat([self.get_submodule(name)(x) for name in step], 1)
        return x


class Inception(nn.Module):
    """The network of a weights file, frozen; raises ModelError where the file is of another one."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        for name, module in _modules().items():
            self.add_module(name, module)
        known = self.state_dict()
        tensors = {name: t for name, t in load_tensors(path).items() if name in known}
        try:
            missing = self.load_state_dict(tensors, strict=False).missing_keys
        except RuntimeError as error:
            raise _wrong(path, str(error).splitlines()[-1].strip()) from error
        missing = [name for name in missing if not name.endswith("num_batches_tracked")]
        if missing:
            raise _wrong(path, f"{missing[0]} is not there")
        self.id = sha256_of(path)
        self.requires_grad_(False).eval()

    def forward(self, picture: Tensor) -> Tensor:
        """Return the features, B 2048, of pictures, B 3 H W in [0, 1], at least 75 pixels a side.

        They are not resized, as in ArtFID.
        """
        x = picture
        for name, module in self.named_children():
            if name in ("Conv2d_3b_1x1", "Mixed_5b"):
                x = F.max_pool2d(x, 3, 2)
            x = module(x)
        return x.mean((2, 3))


def _modules() -> dict[str, nn.Module]:
    """Return the network's parts, from shallow to deep."""
    return {
        "Conv2d_1a_3x3": Unit(3, 32, 3, 2),
        "Conv2d_2a_3x3": Unit(32, 32, 3),
        "Conv2d_2b_3x3": Unit(32, 64, 3, padding=1),
        "Conv2d_3b_1x1": Unit(64, 80, 1),
        "Conv2d_4a_3x3": Unit(80, 192, 3),
        "Mixed_5b": _fine(192, 32),
        "Mixed_5c": _fine(256, 64),
        "Mixed_5d": _fine(288, 64),
        "Mixed_6a": _to_middle(288),
        "Mixed_6b": _middle(768, 128),
        "Mixed_6c": _middle(768, 160),
        "Mixed_6d": _middle(768, 160),
        "Mixed_6e": _middle(768, 192),
        "Mixed_7a": _to_coarse(768),
        "Mixed_7b": _coarse(1280),
        "Mixed_7c": _coarse(2048),
    }


def _fine(inputs: int, pooled: int) -> Branches:
    units = {
        "branch1x1": Unit(inputs, 64, 1),
        "branch5x5_1": Unit(inputs, 48, 1),
        "branch5x5_2": Unit(48, 64, 5, padding=2),
        "branch3x3dbl_1": Unit(inputs, 64, 1),
        "branch3x3dbl_2": Unit(64, 96, 3, padding=1),
        "branch3x3dbl_3": Unit(96, 96, 3, padding=1),
        "branch_pool": Unit(inputs, pooled, 1),
    }
    double: list[str | tuple[str, str]] = ["branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3"]
    return Branches(units, [["branch1x1"], ["branch5x5_1", "branch5x5_2"], double], "average")


def _to_middle(inputs: int) -> Branches:
    units = {
        "branch3x3": Unit(inputs, 384, 3, 2),
        "branch3x3dbl_1": Unit(inputs, 64, 1),
        "branch3x3dbl_2": Unit(64, 96, 3, padding=1),
        "branch3x3dbl_3": Unit(96, 96, 3, 2),
    }
    double: list[str | tuple[str, str]] = ["branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3"]
    return Branches(units, [["branch3x3"], double], "max")


def _middle(inputs: int, width: int) -> Branches:
    across, down = ((1, 7), (0, 3)), ((7, 1), (3, 0))
    sizes = {
        "branch1x1": (inputs, 192, None),
        "branch7x7_1": (inputs, width, None),
        "branch7x7_2": (width, width, across),
        "branch7x7_3": (width, 192, down),
        "branch7x7dbl_1": (inputs, width, None),
        "branch7x7dbl_2": (width, width, down),
        "branch7x7dbl_3": (width, width, across),
        "branch7x7dbl_4": (width, width, down),
        "branch7x7dbl_5": (width, 192, across),
        "branch_pool": (inputs, 192, None),
    }
    units = {
        name: Unit(a, b, 1) if shape is None else Unit(a, b, shape[0], padding=shape[1])
        for name, (a, b, shape) in sizes.items()
    }
    single: list[str | tuple[str, str]] = [f"branch7x7_{number}" for number in (1, 2, 3)]
    double: list[str | tuple[str, str]] = [f"branch7x7dbl_{number}" for number in range(1, 6)]
    return Branches(units, [["branch1x1"], single, double], "average")


def _to_coarse(inputs: int) -> Branches:
    units = {
        "branch3x3_1": Unit(inputs, 192, 1),
        "branch3x3_2": Unit(192, 320, 3, 2),
        "branch7x7x3_1": Unit(inputs, 192, 1),
        "branch7x7x3_2": Unit(192, 192, (1, 7), padding=(0, 3)),
        "branch7x7x3_3": Unit(192, 192, (7, 1), padding=(3, 0)),
        "branch7x7x3_4": Unit(192, 192, 3, 2),
    }
    long: list[str | tuple[str, str]] = [f"branch7x7x3_{number}" for number in range(1, 5)]
    return Branches(units, [["branch3x3_1", "branch3x3_2"], long], "max")


def _coarse(inputs: int) -> Branches:
    units = {
        "branch1x1": Unit(inputs, 320, 1),
        "branch3x3_1": Unit(inputs, 384, 1),
        "branch3x3_2a": Unit(384, 384, (1, 3), padding=(0, 1)),
        "branch3x3_2b": Unit(384, 384, (3, 1), padding=(1, 0)),
        "branch3x3dbl_1": Unit(inputs, 448, 1),
        "branch3x3dbl_2": Unit(448, 384, 3, padding=1),
        "branch3x3dbl_3a": Unit(384, 384, (1, 3), padding=(0, 1)),
        "branch3x3dbl_3b": Unit(384, 384, (3, 1), padding=(1, 0)),
        "branch_pool": Unit(inputs, 192, 1),
    }
    single: list[str | tuple[str, str]] = ["branch3x3_1", ("branch3x3_2a", "branch3x3_2b")]
    double: list[str | tuple[str, str]] = [
        "branch3x3dbl_1", "branch3x3dbl_2", ("branch3x3dbl_3a", "branch3x3dbl_3b")
    ]  # fmt: skip
    return Branches(units, [["branch1x1"], single, double], "average")


def _wrong(path: Path, why: str) -> ModelError:
    return ModelError(
        f"{path} does not hold Inception-v3 ({why}). Give art_inception.pth of ArtFID, or "
        "torchvision's inception_v3, with --inception."
    )
