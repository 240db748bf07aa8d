"""What a recipe is: the network, what a step draws, the losses, what is shown and told of it."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from torch import Tensor, nn

from impasto.errors import TrainingError
from impasto.features.registry import open_encoder
from impasto.features.statistics import Moments
from impasto.losses.perceptual import PerceptualCriterion, PerceptualWeights
from impasto.settings.augmentation import AugmentationSettings
from impasto.settings.training import TrainingSettings
from impasto.training.batches import Batch, Terms, stacked
from impasto.training.data.augment import augmented_crop
from impasto.training.data.pictures import Pictures, open_pictures
from impasto.training.machine import Machine
from impasto.training.paintings import Painting
from impasto.training.schedule import stage_at

TRAIN, HELD_OUT, STYLES = range(3)  # streams of random numbers that have nothing in common
SAMPLES = 4  # photos of a sheet


@dataclass(frozen=True)
class Samples:
    """Photos, and what a network paints of them in one style or several."""

    content: Tensor  # N 3 H W
    painted: list[Tensor]  # for each style N 3 H W
    styles: list[Tensor] = field(default_factory=list)  # 3 h w of any size


class Recipe(ABC):
    """One way to train a network; `network` is what learns.

    All that is drawn depends on the seed, the step and the place in the batch alone.
    """

    network: nn.Module
    multiple: int  # what sides of crops must divide by

    def __init__(self, settings: TrainingSettings, machine: Machine) -> None:
        self.settings, self.machine = settings, machine
        self.contents, self.kept_back = self.open_contents()
        weights = {
            name: getattr(settings, f"{name}_weight")
            for name in PerceptualWeights.__dataclass_fields__
        }
        name = "vgg19" if settings.teacher else "embedded"
        encoder = open_encoder(name, weights=settings.teacher, dtype=machine.dtype)
        encoder.check_layers((*settings.style_layers, *settings.content_layers))
        self.encoder = encoder.to(machine.device)
        self.criterion = PerceptualCriterion(
            self.encoder,
            PerceptualWeights(**weights),
            settings.style_layers,
            settings.content_layers,
        )
        self.weights: dict[str, float] = weights

    @abstractmethod
    def terms(self, network: nn.Module, batch: Batch) -> Terms:
        """Return every loss term by name, unweighted, a mean over the batch; may be autocast."""

    @abstractmethod
    def samples(self, network: nn.Module) -> "Samples":
        """Return what the network makes of a few photos held out, the same each time."""

    @abstractmethod
    def card(self) -> dict[str, Any]:
        """Return what the card of the model says beside the recipe's settings."""

    @property
    def fingerprint(self) -> str:
        """A hash of the pictures that are trained on: another set cannot continue a run."""
        return self.contents.fingerprint

    def parameters(self) -> list[nn.Parameter]:
        """Return what learns."""
        return [p for p in self.network.parameters() if p.requires_grad]

    def paces(self) -> list[tuple[float, list[nn.Parameter]]]:
        """Return what learns in groups, each with its pace: a factor of the learning rate."""
        return [(1.0, self.parameters())]

    def open_contents(self) -> tuple[Pictures, Pictures]:
        """Open the photos: those to train on, and those held out."""
        if self.settings.data is None:
            raise TrainingError(
                "Training needs photos to paint: --data FOLDER, with some hundred photos of what "
                "the model will be used for, or what impasto dataset prepare wrote."
            )
        seed = self.settings.seed
        train = open_pictures(self.settings.data, "train", seed)
        return train, open_pictures(self.settings.data, "held-out", seed)

    def draw(self, step: int, places: Sequence[int], size: int) -> Batch:
        """Return what these places of a step's batch hold, drawn from the photos to train on."""
        return self._draw(self.contents, TRAIN, step, places, size)

    def draw_held_out(self, count: int, size: int) -> Batch:
        """Return a batch of photos held out, the same each time, whatever crops are varied by."""
        return self._draw(self.kept_back, HELD_OUT, 0, range(count), size)

    def _draw(
        self, pictures: Pictures, stream: int, step: int, places: Sequence[int], size: int
    ) -> Batch:
        varied = AugmentationSettings() if stream == HELD_OUT else self.settings
        crops = []
        for place in places:
            random = self.random(stream, step, place)
            picture = pictures[int(random.integers(len(pictures)))]
            crops.append(augmented_crop(picture, size, varied, random))
        return {"content": stacked(crops)}

    def target(self, painting: Painting) -> list[Moments]:
        """Return what the losses hold paintings in the style of this one against."""
        return painting.moments(self.criterion, self.encoder.id, self.machine.device)

    def random(self, *numbers: int) -> np.random.Generator:
        """Return the random numbers that belong to a stream, a step and a place."""
        return np.random.default_rng((self.settings.seed, *numbers))

    def to_device(self, pixels: Tensor) -> Tensor:
        """Return pictures (B H W 3, uint8) as the network takes them: B 3 H W in [0, 1]."""
        pictures = pixels.to(self.machine.device).permute(0, 3, 1, 2)
        if not self.settings.channels_last:
            pictures = pictures.contiguous()
        return pictures.float().div_(255)

    def photos(self) -> Tensor:
        """Return photos held out for a sheet (N 3 H W)."""
        return self.to_device(self.draw_held_out(SAMPLES, self.last_size)["content"])

    @property
    def last_size(self) -> int:
        """Side of the crops at the end."""
        return stage_at(self.settings, 1.0, self.multiple).size
