"""Metrics of all paintings of a model together: FID and ArtFID."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch

from impasto.evaluation.deep.frechet import Features, art_fid, frechet_distance
from impasto.evaluation.deep.inception import SMALLEST, Inception
from impasto.evaluation.deep.losses import to_tensor
from impasto.evaluation.similarity import Picture
from impasto.evaluation.summary import Measured


class Seen(NamedTuple):
    """A painting of a set, and the painting that its style was taken from."""

    by: str
    content: str
    style: str
    painted: Picture
    reference: Picture


class Sets:
    """What Inception sees of every painting and style.

    Raises ModelError where the weights are of another network.
    """

    def __init__(self, weights: Path) -> None:
        self._network = Inception(weights)
        self._painted: dict[tuple[str, str, str], Features] = {}
        self._styles: dict[str, Features] = {}

    def see(self, pictures: Iterable[Seen]) -> None:
        """Look at paintings and their styles; those below 75 pixels a side are left out."""
        for one in pictures:
            if min(*one.painted.shape[:2], *one.reference.shape[:2]) < SMALLEST:
                continue
            self._painted[one.by, one.content, one.style] = self._features(one.painted)
            if one.style not in self._styles:
                self._styles[one.style] = self._features(one.reference)

    def add_to(self, rows: Sequence[dict[str, Any]], measured: Sequence[Measured]) -> None:
        """Give every row its FID, and ArtFID where LPIPS is known; without intervals."""
        for row in rows:
            keys = [(m.by, m.content, m.style) for m in measured if m.by == row["name"]]
            keys = [key for key in keys if key in self._painted]
            if len(keys) < 2:
                continue
            painted = np.stack([self._painted[key] for key in keys])
            styles = np.stack([self._styles[style] for _, _, style in keys])
            fid = frechet_distance(painted, styles)
            row["values"]["fid"] = _alone(fid, len(keys))
            if "lpips" in row["values"]:
                both = art_fid(row["values"]["lpips"]["mean"], fid)
                row["values"]["art_fid"] = _alone(both, len(keys))

    @torch.inference_mode()
    def _features(self, picture: Picture) -> Features:
        found: Features = self._network(to_tensor(picture))[0].double().numpy()
        return found


def _alone(value: float, count: int) -> dict[str, float | None]:
    return {"mean": value, "low": None, "high": None, "n": count}
