"""Learn one painting: a small network that paints any photo in its style (Johnson et al. 2016)."""

from typing import Any

from torch import nn

from impasto.errors import TrainingError
from impasto.networks.transform import TransformNetwork
from impasto.settings.recipes import StyleSettings
from impasto.training.batches import Batch, Terms
from impasto.training.machine import Machine
from impasto.training.paintings import open_painting
from impasto.training.recipes.base import Recipe, Samples
from impasto.training.recipes.starts import row_paces, transform_network


class StyleRecipe(Recipe):
    """One painting; the targets are the moments of the whole, seen once."""

    settings: StyleSettings
    network: TransformNetwork

    def __init__(self, settings: StyleSettings, machine: Machine) -> None:
        if settings.painting is None:
            raise TrainingError(
                "Which painting? Name a picture or a gallery style: impasto train style PAINTING"
            )
        self.painting = open_painting(settings.painting, settings.style_size)
        super().__init__(settings, machine)
        self.network = transform_network(settings.fine_tune, settings.width, 1)
        self.multiple = self.network.multiple
        self.wanted = self.target(self.painting)

    def paces(self) -> list[tuple[float, list[nn.Parameter]]]:
        return row_paces(self.network, self.settings.row_rate)

    @property
    def fingerprint(self) -> str:
        return f"{super().fingerprint} {self.painting.sha256}"

    def terms(self, network: nn.Module, batch: Batch) -> Terms:
        content = self.to_device(batch["content"])
        with self.machine.autocast():
            painted = network(content, content.new_ones(len(content), 1))
        return self.criterion(painted.float(), content, self.wanted)

    def samples(self, network: nn.Module) -> Samples:
        photos = self.photos()
        painted = network(photos, photos.new_ones(len(photos), 1))
        return Samples(photos, [painted], [self.painting.tensor()])

    def card(self) -> dict[str, Any]:
        return {"kind": "style", "styles": [self.painting.card]}
