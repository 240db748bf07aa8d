"""Paintings to learn: what a loss network sees of them, and the card that the model keeps."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from impasto.catalog.palette import palette
from impasto.errors import TrainingError
from impasto.features.statistics import Moments
from impasto.images.folders import files_in
from impasto.images.samples import Samples, to_samples
from impasto.images.source import open_picture
from impasto.losses.perceptual import PerceptualCriterion
from impasto.provenance.cards import StyleCard
from impasto.styles.gallery import find
from impasto.styles.style import Style
from impasto.styles.words import PICTURE_SUFFIXES, kebab, kind_of

PALETTE = 128  # long side at which the colors are counted
BLANK = 64  # side of the white square that stands for a painting that is not at hand


@dataclass(frozen=True, eq=False)
class Painting:
    """A painting as it is shown to a network: its pixels, or what was kept of it in a style."""

    card: dict[str, Any]  # style-card/1, and its sha256
    long_side: int  # at which it is seen
    pixels: Samples | None = None  # H W 3, RGB, uint8
    style: Style | None = None

    @property
    def sha256(self) -> str:
        """The hash of its file, or of its style's vector."""
        return str(self.card["sha256"])

    def tensor(self) -> Tensor:
        """Return the picture, 3 H W in [0, 1]; a white square where it is not at hand."""
        if self.pixels is None:
            return torch.ones(3, BLANK, BLANK)
        return torch.from_numpy(self.pixels).permute(2, 0, 1).float() / 255

    def moments(
        self, criterion: PerceptualCriterion, encoder_id: str, device: torch.device
    ) -> list[Moments]:
        """Return the targets of a criterion with that encoder: those of the whole painting.

        Raises TrainingError where the painting is not at hand, and its style does not hold them.
        """
        if self.style is None:
            return criterion.style_moments(self.tensor()[None].to(device))
        kept, layers = self.style.moments, criterion.style_layers
        known = kept and set(layers) <= set(kept.at(self.long_side))
        if kept is None or not known or kept.encoder_id != encoder_id:
            raise TrainingError(
                f'Of "{self.style.name}" there is no painting, only what the encoder inside the '
                "package saw of it, variances at its own layers. Give the painting as a picture, "
                "or leave out --teacher and --style-layers."
            )
        if not criterion.diagonal:
            raise TrainingError(
                f'Of "{self.style.name}" there is no painting, and so no covariance. '
                "Set --covariance-weight to 0, or give the painting as a picture."
            )
        seen = [kept.at(side) for side in (self.long_side, self.long_side / 2)]
        return [_moments(at[layer], device) for at in seen for layer in layers]


def _moments(statistics: Any, device: torch.device) -> Moments:
    mean, std = torch.from_numpy(statistics).float().to(device)
    return Moments(mean[None], std.square()[None])


def open_painting(word: str, long_side: int) -> Painting:
    """Open a painting, reduced to a long side at most, or a gallery style or style file.

    Raises UnknownStyle with the closest name, PictureError and ModelError for unreadable files.
    """
    kind = kind_of(word)
    if kind == "picture":
        source = open_picture(Path(word))
        card = StyleCard(kebab(Path(word).stem), palette=tuple(palette(source.thumbnail(PALETTE))))
        pixels = to_samples(source.thumbnail(long_side), 8)
        said = {**json.loads(card.to_json()), "sha256": source.sha256}
        return Painting(said, max(pixels.shape), pixels)
    style = find(word) if kind == "gallery" else Style.load(Path(word))
    said = {**json.loads(style.card.to_json()), "sha256": style.sha256}
    return Painting(said, long_side, style=style)


def open_paintings(words: Sequence[str], long_side: int) -> list[Painting]:
    """Open paintings and folders of them, each once; two of one name are numbered.

    Raises TrainingError where there is none.
    """
    found: dict[str, Painting] = {}
    for name in (name for word in words for name in _inside(word)):
        painting = open_painting(name, long_side)
        found.setdefault(painting.sha256, painting)
    if not found:
        raise TrainingError(
            "Which paintings? Name pictures, folders of them or gallery names: "
            "impasto train styles PAINTINGS"
        )
    return renamed(list(found.values()))


def renamed(paintings: Sequence[Painting], taken: Sequence[str] = ()) -> list[Painting]:
    """Return paintings whose names differ from each other and from those that are taken."""
    names, result = set(taken), []
    for painting in paintings:
        name, number = painting.card["name"], 2
        while name in names:
            name, number = f"{painting.card['name']}-{number}", number + 1
        names.add(name)
        result.append(replace(painting, card={**painting.card, "name": name}))
    return result


def _inside(word: str) -> list[str]:
    path = Path(word)
    if not path.is_dir():
        return [word]
    inside = [p for p in files_in(path) if p.suffix.lower() in PICTURE_SUFFIXES]
    if not inside:
        raise TrainingError(f'"{path}" holds no paintings. Give a folder with pictures in it.')
    return [str(p) for p in sorted(inside)]


def stacked(targets: Sequence[list[Moments]]) -> list[Moments]:
    """Return the targets of several paintings as one, a row for each."""
    return [
        Moments(torch.cat([m.mean for m in same]), torch.cat([m.covariance for m in same]))
        for same in zip(*targets, strict=True)
    ]


def picked(targets: Sequence[Moments], which: Tensor) -> list[Moments]:
    """Return the targets of some paintings, by their rows."""
    return [Moments(m.mean[which], m.covariance[which]) for m in targets]
