"""Paintings to learn: their pixels at a size, and the card that the model keeps of each."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from impasto.catalog.palette import palette
from impasto.errors import TrainingError
from impasto.images.folders import files_in
from impasto.images.samples import Samples, to_samples
from impasto.images.source import open_picture
from impasto.provenance.cards import StyleCard
from impasto.styles.words import PICTURE_SUFFIXES, kebab

PALETTE = 128  # long side at which the colors are counted


@dataclass(frozen=True, eq=False)
class Painting:
    """A painting as it is shown to a network."""

    pixels: Samples  # H W 3, RGB, uint8
    sha256: str  # of its file
    card: dict[str, Any]  # style-card/1, and its sha256


def open_painting(path: Path, long_side: int) -> Painting:
    """Open a painting, reduced to a long side at most; raise PictureError if it cannot be read."""
    source = open_picture(path)
    card = StyleCard(kebab(path.stem), palette=tuple(palette(source.thumbnail(PALETTE))))
    said = {**json.loads(card.to_json()), "sha256": source.sha256}
    return Painting(to_samples(source.thumbnail(long_side), 8), source.sha256, said)


def paintings_in(words: Sequence[str]) -> list[Path]:
    """Return the files that are meant by paintings and folders of them, in order.

    Raises TrainingError where a folder holds no picture.
    """
    found: list[Path] = []
    for word in words:
        path = Path(word)
        if not path.is_dir():
            found.append(path)
            continue
        inside = [p for p in files_in(path) if p.suffix.lower() in PICTURE_SUFFIXES]
        if not inside:
            raise TrainingError(f'"{path}" holds no paintings. Give a folder with pictures in it.')
        found += sorted(inside)
    return found
