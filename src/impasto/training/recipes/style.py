"""Learn one painting: a small network that paints any photo in its style (Johnson et al. 2016)."""

from typing import Any

import torch
from torch import nn

from impasto.settings.recipes import StyleSettings
from impasto.training.machine import Machine
from impasto.training.paintings import Painting, open_painting
from impasto.training.recipes.base import Batch, Recipe, Samples, Terms, needed_file
from impasto.training.recipes.starts import transform_network


class StyleRecipe(Recipe):
    """One painting; its moments are those of the whole, seen once."""

    settings: StyleSettings

    def __init__(self, settings: StyleSettings, machine: Machine) -> None:
        path = needed_file(settings.painting, "Name a picture: impasto train style PAINTING")
        self.painting: Painting = open_painting(path, settings.style_size)
        super().__init__(settings, machine)
        self.network = transform_network(settings.start, settings.width, 1)
        self.multiple = self.network.multiple
        self.picture = self.to_device(torch.from_numpy(self.painting.pixels)[None])
        self.moments = self.criterion.style_moments(self.picture)

    @property
    def fingerprint(self) -> str:
        return f"{super().fingerprint} {self.painting.sha256}"

    def terms(self, network: nn.Module, batch: Batch) -> Terms:
        content = self.to_device(batch["content"])
        vector = content.new_ones(len(content), 1)
        with self.machine.autocast():
            painted = network(content, vector)
        return self.criterion(painted.float(), content, self.moments)

    def samples(self, network: nn.Module) -> Samples:
        photos = self.photos()
        painted = network(photos, photos.new_ones(len(photos), 1))
        return Samples(photos, [painted], [self.picture[0]])

    def card(self) -> dict[str, Any]:
        return {"kind": "style", "styles": [self.painting.card]}
