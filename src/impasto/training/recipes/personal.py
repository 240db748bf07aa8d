"""Tune a painter to the look of one artist or brand, while all other styles stay as they are.

The painter is frozen and grows: a residual block more at each depth, whose modulation decides by
the style vector how much it adds. Tuning all weights instead spoilt other styles within a hundred
steps, and took longer to learn the look. The half that sees styles stays, so vectors mean the same.
To keep other styles, part of every batch is painted in them too, and held against what the painter
made of it before (prior preservation, as Ruiz et al. 2023 name it).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn

from impasto.errors import TrainingError
from impasto.features.statistics import Moments
from impasto.images.resize import fit_long_side
from impasto.losses.content import feature_loss
from impasto.networks.painter import Painter
from impasto.settings.recipes import PersonalSettings
from impasto.styles.gallery import styles as gallery
from impasto.training.batches import Batch, Terms, stacked
from impasto.training.data.own import patterns, photos
from impasto.training.data.pictures import Pictures, Pixels, open_pictures
from impasto.training.machine import Machine
from impasto.training.paintings import picked
from impasto.training.paintings import stacked as stacked_targets
from impasto.training.recipes.base import HELD_OUT, STYLES, Recipe, Samples
from impasto.training.recipes.starts import grown, painter
from impasto.weights.models import find_model, open_model

HELD_OUT_SHARE = 0.2  # of a look: a twentieth of some dozen pictures would be one
SHOWN = 3  # pictures of the look in a sheet, and other styles as many


class PersonalRecipe(Recipe):
    """Pictures of one look; every place of a batch is painted in one, some in another style too."""

    settings: PersonalSettings
    network: Painter

    def __init__(self, settings: PersonalSettings, machine: Machine) -> None:
        self.train, self.held_out = open_look(settings)
        super().__init__(settings, machine)
        self.weights["prior"] = settings.prior_weight
        self.start = settings.fine_tune or "painter"
        before = painter(self.start)
        self.before = before.requires_grad_(False).eval().to(machine.device)
        self.network = grown(before)
        self.multiple = self.network.multiple
        vectors, targets = zip(
            *(self._seen(one) for one in (*self.train, *self.held_out)), strict=True
        )
        self.vectors, self.targets = torch.cat(vectors), stacked_targets(targets)
        shown = range(min(SHOWN, len(self.held_out)))
        self.shown = [self._whole(self.held_out[i])[0] for i in shown]
        self.others = self._others()

    def open_contents(self) -> tuple[Pictures, Pictures]:
        if self.settings.data is None:
            return photos() + self.train, photos() + self.held_out
        return super().open_contents()

    @property
    def fingerprint(self) -> str:
        return f"{super().fingerprint} {self.train.fingerprint}"

    def _seen(self, picture: Pixels) -> tuple[Tensor, list[Moments]]:
        """Return the vector of a picture of the look, and what is wanted of paintings like it."""
        whole = self._whole(picture)
        return encoded(self.before, whole), self.criterion.style_moments(whole)

    def _whole(self, picture: Pixels) -> Tensor:
        """Return a picture of the look as it is seen: at one size, sides as the network takes."""
        height, width = picture.shape[:2]
        size = min(self.settings.style_size, max(height, width))
        rows, columns = (
            max(1, side // self.multiple) * self.multiple
            for side in fit_long_side(height, width, size)
        )
        small = Image.fromarray(picture).resize((columns, rows), Image.Resampling.LANCZOS)
        return self.to_device(stacked([np.asarray(small)]))

    def _others(self) -> Tensor:
        """Return vectors of other styles: the gallery's, or where they do not fit, of patterns."""
        id = open_model(find_model(self.start)).encoder_id
        known = [style.vector for style in gallery() if style.encoder_id == id]
        if known:
            return torch.from_numpy(np.stack(known))
        seen = (encoded(self.before, self.to_device(stacked([p]))) for p in patterns([0]))
        return torch.cat(list(seen)).cpu()

    def _draw(
        self, pictures: Pictures, stream: int, step: int, places: Sequence[int], size: int
    ) -> Batch:
        share, count = self.settings.prior_share, len(self.train)
        low, high = (count, len(self.vectors)) if stream == HELD_OUT else (0, count)
        randoms = [self.random(STYLES + stream, step, place) for place in places]
        return {
            **super()._draw(pictures, stream, step, places, size),
            "picture": torch.tensor([int(one.integers(low, high)) for one in randoms]),
            "other": torch.stack([self._other(one) for one in randoms]),
            "kept": torch.tensor(
                [int((step + p + 1) * share) > int((step + p) * share) for p in places]
            ),
        }

    def _other(self, random: np.random.Generator) -> Tensor:
        """Return the vector of another style, or of a mixture of two."""
        one, two = random.integers(len(self.others), size=2).tolist()
        share = max(0.0, float(random.uniform(-1, 1)))
        return torch.lerp(self.others[one], self.others[two], share)

    def terms(self, network: nn.Module, batch: Batch) -> Terms:
        content = self.to_device(batch["content"])
        which, kept = batch["picture"].to(content.device), batch["kept"].to(content.device)
        with self.machine.autocast():
            painted = network(content, self.vectors[which])
        terms = self.criterion(painted.float(), content, picked(self.targets, which))
        prior = content.new_zeros(())
        if kept.any():
            others = batch["other"].to(content.device)[kept]
            share = float(kept.float().mean()) / self.settings.prior_share
            prior = self._changed(network, content[kept], others) * share
        return {**terms, "prior": prior}

    def _changed(self, network: nn.Module, content: Tensor, vectors: Tensor) -> Tensor:
        """Return how much other paintings differ from what they were, pixel by pixel and seen."""
        with self.machine.autocast():
            now = network(content, vectors)
            with torch.no_grad():
                before = self.before(content, vectors)
        now, before = now.float(), before.float()
        layers = self.criterion.style_layers
        found = self.encoder(now, layers)
        with torch.no_grad():
            wanted = self.encoder(before, layers)
        seen = [feature_loss(found[name], wanted[name]) for name in layers]
        return F.l1_loss(now, before) + torch.stack(seen).mean()

    def samples(self, network: nn.Module) -> Samples:
        content = self.photos()
        own = self.vectors[len(self.train) :][:SHOWN]
        other = self.others[:: max(1, len(self.others) // SHOWN)][:SHOWN].to(content.device)
        painted = [network(content, one.expand(len(content), -1)) for one in (*own, *other)]
        blank = [torch.ones_like(content[0])] * len(other)
        return Samples(content, painted, [*self.shown, *blank])

    def card(self) -> dict[str, Any]:
        return {"kind": "arbitrary", "tuned_from": self.start, "tuned_to": list(self.train.names)}


def open_look(settings: PersonalSettings) -> tuple[Pictures, Pictures]:
    """Open the pictures of a look: those to learn, and those held out; a single one is both.

    Raises TrainingError where none are named or there.
    """
    if settings.pictures is None:
        raise TrainingError(
            "Which look? Name a folder with pictures of the artist or brand: "
            "impasto train personal FOLDER"
        )
    folder, seed = Path(settings.pictures), settings.seed
    every = open_pictures(folder)
    if len(every) == 1:
        return every, every
    train = open_pictures(folder, "train", seed, share=HELD_OUT_SHARE)
    return train, open_pictures(folder, "held-out", seed, share=HELD_OUT_SHARE)


@torch.no_grad()
def encoded(network: Painter, picture: Tensor) -> Tensor:
    """Return the style vector (1, V) of a picture (1 3 H W)."""
    return network.encode(picture)
