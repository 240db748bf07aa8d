"""Learn many paintings in one network, a row of scales and shifts each (Dumoulin et al. 2017)."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from impasto.errors import TrainingError
from impasto.networks.transform import TransformNetwork
from impasto.settings.recipes import StylesSettings
from impasto.training.batches import Batch, Terms
from impasto.training.data.pictures import Pictures
from impasto.training.machine import Machine
from impasto.training.paintings import open_paintings, picked, renamed, stacked
from impasto.training.recipes.base import HELD_OUT, STYLES, Recipe, Samples
from impasto.training.recipes.starts import known_styles, row_paces, transform_network, with_rows

SHOWN = 6  # styles of a sheet


class StylesRecipe(Recipe):
    """Several paintings; every place of a batch has one of them, drawn at random.

    A model to go on from keeps its rows; paintings that it does not know get new ones.
    """

    settings: StylesSettings
    network: TransformNetwork

    def __init__(self, settings: StylesSettings, machine: Machine) -> None:
        if settings.only_rows and settings.fine_tune is None:
            raise TrainingError("--only-rows needs the model whose rows stay: --fine-tune MODEL")
        paintings = open_paintings(settings.paintings, settings.style_size)
        super().__init__(settings, machine)
        known = known_styles(settings.fine_tune) if settings.fine_tune else []
        rows = {card.get("sha256"): row for row, card in enumerate(known)}
        old = [one for one in paintings if one.sha256 in rows]
        new = [one for one in paintings if one.sha256 not in rows]
        new = renamed(new, [card["name"] for card in known])
        rows |= {one.sha256: len(known) + i for i, one in enumerate(new)}
        only_rows = bool(known and new) if settings.only_rows is None else settings.only_rows
        self.cards = [*known, *(one.card for one in new)]
        self.paintings = new if only_rows else [*old, *new]
        self.rows = torch.tensor([rows[one.sha256] for one in self.paintings])
        self.network = self._network(len(known), len(new), only_rows, len(old))
        self.multiple = self.network.multiple
        self.targets = stacked([self.target(one) for one in self.paintings])

    def _network(self, known: int, new: int, only_rows: bool, given: int) -> TransformNetwork:
        settings = self.settings
        if not known:
            return transform_network(settings.fine_tune, settings.width, new)
        assert settings.fine_tune is not None
        network = with_rows(settings.fine_tune, new)
        if only_rows and not new:
            raise TrainingError(
                f'The model "{settings.fine_tune}" knows all of these paintings. Name others, or '
                "let all of it learn: --no-only-rows"
            )
        if only_rows:
            only_new_rows(network, known)
        elif given < known:
            raise TrainingError(
                f"{known - given} of the {known} styles that the model knows would be forgotten. "
                "Name their paintings too, or let only new rows learn: --only-rows"
            )
        return network

    def paces(self) -> list[tuple[float, list[nn.Parameter]]]:
        return row_paces(self.network, self.settings.row_rate)

    @property
    def fingerprint(self) -> str:
        return " ".join([super().fingerprint, *(one.sha256 for one in self.paintings)])

    def _draw(
        self, pictures: Pictures, stream: int, step: int, places: Sequence[int], size: int
    ) -> Batch:
        count = len(self.paintings)
        if stream == HELD_OUT:
            which = [place % count for place in places]
        else:
            which = [int(self.random(STYLES, step, place).integers(count)) for place in places]
        batch = super()._draw(pictures, stream, step, places, size)
        return {**batch, "painting": torch.tensor(which)}

    def terms(self, network: nn.Module, batch: Batch) -> Terms:
        content = self.to_device(batch["content"])
        which = batch["painting"]
        with self.machine.autocast():
            painted = network(content, self._vectors(which).to(content.device))
        targets = picked(self.targets, which.to(content.device))
        return self.criterion(painted.float(), content, targets)

    def _vectors(self, which: Tensor) -> Tensor:
        return torch.eye(len(self.cards))[self.rows[which]]

    def samples(self, network: nn.Module) -> Samples:
        photos = self.photos()
        shown = range(min(SHOWN, len(self.paintings)))
        vectors = self._vectors(torch.tensor(shown)).to(photos.device)
        painted = [network(photos, vector.expand(len(photos), -1)) for vector in vectors]
        return Samples(photos, painted, [self.paintings[i].tensor() for i in shown])

    def card(self) -> dict[str, Any]:
        return {"kind": "styles" if len(self.cards) > 1 else "style", "styles": self.cards}


def only_new_rows(network: TransformNetwork, known: int) -> None:
    """Let nothing of a network learn but the rows after the first so many."""
    network.requires_grad_(False)
    for rows in (network.scale, network.shift):
        new = (torch.arange(len(rows)) >= known).float()[:, None]
        rows.requires_grad_(True)
        rows.register_hook(  # type: ignore[no-untyped-call]
            lambda gradient, new=new: gradient * new.to(gradient.device)
        )
