"""A style: the vector that a painter paints by, and the card that says whose it is.

The file (``.style``) is safetensors: the tensor ``vector``, and as metadata the format, the id of
the style encoder that made the vector, and the card.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors import safe_open
from safetensors.numpy import save

from impasto.errors import EncoderMismatch, ModelError, UsageError
from impasto.provenance.cards import StyleCard
from impasto.weights.files import write_atomically

FORMAT = "impasto-style/1"

Vector = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Style:
    """A style vector (float32, V), the encoder that made it, and its card."""

    vector: Vector
    encoder_id: str
    card: StyleCard

    @property
    def name(self) -> str:
        """The kebab-case name, as typed after ``--style``."""
        return self.card.name

    def save(self, path: str | Path) -> None:
        """Write the ``.style`` file whole or not at all; raise OutputError if it cannot be."""
        metadata = {"format": FORMAT, "encoder_id": self.encoder_id, "card": self.card.to_json()}
        write_atomically(Path(path), save({"vector": self.vector}, metadata))

    @classmethod
    def load(cls, path: str | Path) -> "Style":
        """Read a ``.style`` file; raise ModelError if it is not one."""
        try:
            with safe_open(path, "np") as file:
                metadata = file.metadata() or {}
                vector = file.get_tensor("vector")
        except Exception as error:
            raise ModelError(
                f"{path} is not a style file. "
                "Make one with: impasto styles add PAINTING --name NAME"
            ) from error
        if metadata.get("format") != FORMAT or vector.ndim != 1 or not np.isfinite(vector).all():
            raise ModelError(f"{path} is not a style file of the form {FORMAT}. Make it again.")
        card = StyleCard.from_json(metadata.get("card", ""))
        return cls(vector.astype(np.float32), metadata.get("encoder_id", ""), card)

    def check_encoder(self, encoder_id: str) -> None:
        """Raise EncoderMismatch unless the vector was made by this encoder."""
        if self.encoder_id != encoder_id:
            raise EncoderMismatch(
                f'The style "{self.name}" was made by another style encoder '
                f"({self.encoder_id[:12]}, the model has {encoder_id[:12]}). Make it again: "
                f"impasto styles add PAINTING --name {self.name} --overwrite"
            )


def mix(styles: Sequence[Style], weights: Sequence[float]) -> Style:
    """Return the weighted mean of styles; the weights are divided by their sum.

    Mixing a style with itself gives that style. Raises UsageError unless the sum is positive and
    no weight negative.
    """
    shares = np.asarray(weights, np.float64)
    if (shares < 0).any() or not shares.sum() > 0:
        came = ", ".join(f"{weight:g}" for weight in weights)
        raise UsageError(f"Style weights must be 0 or more, and not all 0; got {came}.")
    shares = shares / shares.sum()
    for other in styles:
        other.check_encoder(styles[0].encoder_id)
    vector = np.sum(
        [s * style.vector.astype(np.float64) for s, style in zip(shares, styles, strict=True)],
        axis=0,
    )
    if len(styles) == 1:
        return styles[0]
    parts = [
        {"name": style.name, "weight": round(float(s), 4)}
        for s, style in zip(shares, styles, strict=True)
    ]
    card = StyleCard(
        "+".join(style.name for style in styles).replace("+", "-"), extra={"mix": parts}
    )
    return Style(vector.astype(np.float32), styles[0].encoder_id, card)


def describe(style: Style) -> dict[str, object]:
    """Return the card as plain data, for the disclosure of a painting."""
    card: dict[str, object] = json.loads(style.card.to_json())
    return {k: v for k, v in card.items() if k not in ("schema", "palette")}
