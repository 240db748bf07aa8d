"""Learn to paint in any style by its vector: the recipe that made the painter in the package."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from impasto.errors import SettingError, TrainingError, did_you_mean
from impasto.networks.painter import Painter
from impasto.settings.augmentation import AugmentationSettings
from impasto.settings.recipes import ArbitrarySettings
from impasto.training.batches import Batch, Terms, stacked
from impasto.training.data.augment import augmented_crop
from impasto.training.data.own import patterns
from impasto.training.data.pictures import Pictures, Pixels, open_pictures
from impasto.training.machine import Machine
from impasto.training.paintings import picked
from impasto.training.recipes.base import STYLES, TRAIN, Recipe, Samples
from impasto.training.recipes.starts import painter

EACH = 2  # neighbours in a batch share a style: halves the loss network's work on styles
IDENTITY = 4  # of so many photos one is painted in its own style too
SHOWN = 5  # styles of a sheet
CROPS = AugmentationSettings(crop_scale_min=0.8, crop_scale_max=1.6)  # of styles


class ArbitraryRecipe(Recipe):
    """Photos and styles that know nothing of each other; the style is seen by the network."""

    settings: ArbitrarySettings
    network: Painter

    def __init__(self, settings: ArbitrarySettings, machine: Machine) -> None:
        self.folders = folders_of(settings)
        super().__init__(settings, machine)
        self.weights["identity"] = settings.identity_weight
        self.network = painter(settings.fine_tune) if settings.fine_tune else Painter()
        self.multiple = self.network.multiple
        train, kept_back = (
            open_pictures(self.folders[1], split, settings.seed) for split in ("train", "held-out")
        )
        styles = train + patterns(range(settings.patterns))
        check_shares(settings, styles.groups, kept_back.groups)
        self.styles = Styles(styles, settings)
        self.kept_styles = Styles(kept_back, settings)

    def open_contents(self) -> tuple[Pictures, Pictures]:
        seed = self.settings.seed
        folder = self.folders[0]
        return open_pictures(folder, "train", seed), open_pictures(folder, "held-out", seed)

    @property
    def fingerprint(self) -> str:
        return f"{super().fingerprint} {self.styles.pictures.fingerprint}"

    def _draw(
        self, pictures: Pictures, stream: int, step: int, places: Sequence[int], size: int
    ) -> Batch:
        styles = self.styles if stream == TRAIN else self.kept_styles
        pairs = {place // EACH for place in places}
        crops = {p: styles.crop(self.random(STYLES + stream, step, p), size) for p in pairs}
        return {
            **super()._draw(pictures, stream, step, places, size),
            "style": stacked([crops[place // EACH] for place in places]),
            "place": torch.tensor(list(places)),
        }

    def terms(self, network: nn.Module, batch: Batch) -> Terms:
        content = self.to_device(batch["content"])
        first, which = shared(batch["place"] // EACH)
        style = self.to_device(batch["style"][first])
        which = which.to(content.device)
        own = content[(batch["place"] % IDENTITY == 0).to(content.device)]
        with self.machine.autocast():
            painted = network(content, encode(network, style)[which])
            same = network(own, encode(network, own)) if len(own) else own
        terms = self.criterion(
            painted.float(), content, picked(self.criterion.style_moments(style), which)
        )
        distances = (same.float() - own).abs().mean((1, 2, 3))
        return {**terms, "identity": distances.sum() * IDENTITY / len(content)}

    def samples(self, network: nn.Module) -> Samples:
        content = self.photos()
        crops = [
            self.kept_styles.crop(self.random(STYLES + 1, 1, i), self.last_size)
            for i in range(SHOWN)
        ]
        styles = self.to_device(stacked(crops))
        vectors = encode(network, styles)
        painted = [network(content, one.expand(len(content), -1)) for one in vectors]
        return Samples(content, painted, list(styles))

    def card(self) -> dict[str, Any]:
        return {"kind": "arbitrary"}


class Styles:
    """Style pictures, drawn by group: by number alone, the largest would drown all others."""

    def __init__(self, pictures: Pictures, settings: ArbitrarySettings) -> None:
        self.pictures = pictures
        groups: dict[str, list[int]] = {}
        for i, group in enumerate(pictures.groups):
            groups.setdefault(group, []).append(i)
        self._groups = list(groups.values())
        shares = np.array([settings.share_of(name) for name in groups])
        if not shares.any():  # as of pictures held out, where none is of the groups that are drawn
            shares = np.ones(len(groups))
        self._shares = shares / shares.sum()

    def crop(self, random: np.random.Generator, size: int) -> Pixels:
        """Return a random crop of a random picture of a random group, size size 3."""
        group = self._groups[int(random.choice(len(self._groups), p=self._shares))]
        picture = self.pictures[group[int(random.integers(len(group)))]]
        return augmented_crop(picture, size, CROPS, random)


def check_shares(
    settings: ArbitrarySettings, drawn: Collection[str], held_out: Collection[str] = ()
) -> None:
    """Raise SettingError where a share is of no group there is, or of all that are drawn 0."""
    known = sorted({*drawn, *held_out})
    for name in settings.shares_by_group():
        if name not in ("other", "pattern", *known):
            raise SettingError(
                f'--shares names "{name}", and there is no such group of styles.'
                f"{did_you_mean(name, known)} There are: {', '.join(known)}."
            )
    if not any(map(settings.share_of, drawn)):
        raise SettingError("All groups of styles have a share of 0. Give one more with --shares.")


def encode(network: nn.Module, style: Tensor) -> Tensor:
    """Return the style vectors of pictures by a painter, or by what stands for one."""
    vectors: Tensor = network.encode(style)  # type: ignore[operator]
    return vectors


def shared(keys: Tensor) -> tuple[Tensor, Tensor]:
    """Return where each run of equal keys begins, and of each key to which run it belongs.

    >>> [part.tolist() for part in shared(torch.tensor([4, 4, 5]))]
    [[0, 2], [0, 0, 1]]
    """
    _, which, counts = torch.unique_consecutive(keys, return_inverse=True, return_counts=True)
    return counts.cumsum(0) - counts, which


def folders_of(settings: ArbitrarySettings) -> tuple[Path, Path]:
    """Return the folders of photos and of styles; raise TrainingError where one is not named."""
    data, styles = settings.data, settings.styles
    if data is not None and styles is None and (data / "style").is_dir():
        data, styles = data / "content", data / "style"
    if data is None or styles is None:
        raise TrainingError(
            "Training needs photos and style pictures: --data FOLDER --styles FOLDER, or a folder "
            "with content/ and style/ in it as --data."
        )
    return data, styles
