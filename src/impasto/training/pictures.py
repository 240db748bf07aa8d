"""Training pictures in memory, and random crops of them."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from impasto.errors import TrainingError
from impasto.images.patterns import PATTERNS, render

Pixels = NDArray[np.uint8]  # H W 3, RGB
Random = np.random.Generator

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}

# Shares of the style groups: by number alone, the largest group would drown all others.
SHARES = {
    "museum": 0.3,
    "named": 0.1,
    "paris": 0.02,
    "monet": 0.15,
    "dtd": 0.18,
    "indian": 0.2,
    "magenta": 0.05,
    "pattern": 0.15,
}
OTHER_SHARE = 0.1  # of a group not named above


def load_pictures(folder: Path) -> dict[str, Pixels]:
    """Return all pictures of a folder by file name, H W 3 uint8 RGB."""
    files = sorted(p for p in folder.glob("*") if p.suffix.lower() in SUFFIXES)
    if not files:
        raise TrainingError(
            f"{folder} holds no pictures ({', '.join(sorted(SUFFIXES))}). "
            "The data folder needs a folder 'content' and a folder 'style' with pictures in them."
        )
    return {p.name: np.asarray(Image.open(p).convert("RGB")) for p in files}


def load_patterns(seeds: Iterable[int], size: int = 384) -> dict[str, Pixels]:
    """Return our own renderings of every pattern, one for each seed, each with its own palette."""
    return {
        f"pattern_{name}_{seed}": np.round(
            255 * render(name, seed, size, palette_seed=seed)
        ).astype("u1")
        for seed in seeds
        for name in PATTERNS
    }


def random_crop(picture: Pixels, size: int, scale: float, random: Random) -> Pixels:
    """Return a size x size crop of a square about `scale` times as large, at times mirrored."""
    height, width = picture.shape[:2]
    side = min(height, width, max(8, round(size * scale)))
    top = int(random.integers(height - side + 1))
    left = int(random.integers(width - side + 1))
    crop = picture[top : top + side, left : left + side]
    if side != size:
        picture_ = Image.fromarray(crop)
        crop = np.asarray(picture_.resize((size, size), Image.Resampling.BICUBIC))
    return crop[:, ::-1] if random.random() < 0.5 else crop


def to_batch(crops: Sequence[Pixels]) -> Tensor:
    """Return crops as B 3 H W float32 in [0, 1], channels last in memory."""
    return torch.from_numpy(np.stack(crops)).permute(0, 3, 1, 2).float().div_(255)


class Contents:
    """Random crops of photographs."""

    def __init__(self, pictures: dict[str, Pixels]) -> None:
        self.pictures = list(pictures.values())

    def sample(self, count: int, size: int, random: Random) -> Tensor:
        """Return crops (B 3 size size), taken from squares one to two times as large."""
        chosen = random.integers(len(self.pictures), size=count)
        scales = random.uniform(1.0, 2.0, size=count)
        pairs = zip(chosen, scales, strict=True)
        return to_batch([random_crop(self.pictures[i], size, s, random) for i, s in pairs])


class Styles:
    """Random crops of style pictures, drawn by group.

    The group of a picture is its file name up to the first underscore, its share as in SHARES.
    """

    def __init__(self, pictures: dict[str, Pixels]) -> None:
        groups: dict[str, list[Pixels]] = {}
        for name, picture in pictures.items():
            groups.setdefault(name.split("_")[0], []).append(picture)
        self.groups = list(groups.values())
        shares = np.array([SHARES.get(name, OTHER_SHARE) for name in groups])
        self.shares = shares / shares.sum()

    def sample(self, count: int, size: int, random: Random) -> Tensor:
        """Return crops (B 3 size size), taken from squares 0.8 to 1.6 times as large."""
        crops = []
        for group in random.choice(len(self.groups), size=count, p=self.shares):
            picture = self.groups[group][int(random.integers(len(self.groups[group])))]
            crops.append(random_crop(picture, size, float(random.uniform(0.8, 1.6)), random))
        return to_batch(crops)
