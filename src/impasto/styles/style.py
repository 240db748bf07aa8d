"""A style: the vector that a painter paints by, and the card that says whose it is.

The file (``.style``) is safetensors: the tensor ``vector``, those of `StyleMoments` where there are
any, and as metadata the format, the id of the style encoder that made the vector, and the card.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import safe_open
from safetensors.numpy import save

from impasto.errors import EncoderMismatch, ModelError, UsageError
from impasto.images.source import Source
from impasto.provenance.cards import StyleCard
from impasto.styles.moments import StyleMoments
from impasto.weights.files import write_atomically

FORMAT = "impasto-style/1"

Vector = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Style:
    """A style vector (float32, V), the encoder that made it, and its card.

    What an optimiser needs may be there too: the painting itself, its moments, or what the style
    was mixed of. A style opened for an optimiser alone has an empty vector and encoder_id "".
    """

    vector: Vector
    encoder_id: str
    card: StyleCard
    moments: StyleMoments | None = None
    painting: Source | None = None  # where it is at hand; never saved
    parts: tuple[tuple[float, "Style"], ...] = ()  # shares, 1 in sum, of what it was mixed of

    @classmethod
    def of_painting(cls, painting: Source, card: StyleCard) -> "Style":
        """Return a style without a vector: a painting for an optimiser to look at."""
        return cls(np.empty(0, np.float32), "", card, painting=painting)

    @property
    def name(self) -> str:
        """The kebab-case name, as typed after ``--style``."""
        return self.card.name

    @property
    def each(self) -> tuple[tuple[float, "Style"], ...]:
        """The styles that this one was mixed of, with their shares; or itself, with share 1."""
        return self.parts or ((1.0, self),)

    @property
    def sha256(self) -> str:
        """The hash of the painting, where it is at hand, or else of the vector."""
        if self.painting is not None:
            return self.painting.sha256
        return hashlib.sha256(self.vector.tobytes()).hexdigest()

    def save(self, path: str | Path) -> None:
        """Write the ``.style`` file whole or not at all; raise OutputError if it cannot be.

        Raises ModelError for a style without a vector.
        """
        if not self.vector.size:
            raise ModelError(
                f'The style "{self.name}" has no vector to save. Make a style file with: '
                f"impasto styles add PAINTING --name {self.name}"
            )
        tensors: dict[str, npt.NDArray[np.floating[Any]]] = {"vector": self.vector}
        metadata = {"format": FORMAT, "encoder_id": self.encoder_id, "card": self.card.to_json()}
        if self.moments is not None:
            tensors |= self.moments.to_tensors()
            metadata["moments_encoder_id"] = self.moments.encoder_id
        write_atomically(Path(path), save(tensors, metadata))

    @classmethod
    def load(cls, path: str | Path) -> "Style":
        """Read a ``.style`` file; raise ModelError if it is not one."""
        try:
            with safe_open(path, "np") as file:
                metadata = file.metadata() or {}
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
                vector = tensors["vector"]
        except Exception as error:
            raise ModelError(
                f"{path} is not a style file. "
                "Make one with: impasto styles add PAINTING --name NAME"
            ) from error
        if metadata.get("format") != FORMAT or vector.ndim != 1 or not np.isfinite(vector).all():
            raise ModelError(f"{path} is not a style file of the form {FORMAT}. Make it again.")
        card = StyleCard.from_json(metadata.get("card", ""))
        moments = StyleMoments.from_tensors(metadata.get("moments_encoder_id", ""), tensors)
        return cls(vector.astype(np.float32), metadata.get("encoder_id", ""), card, moments)

    def check_encoder(self, encoder_id: str) -> None:
        """Raise EncoderMismatch unless the vector was made by this encoder."""
        if not self.vector.size:
            raise EncoderMismatch(
                f'The style "{self.name}" has no vector: it was opened for optimisation. '
                "FastStylizer.style gives the style of the same words, or painting, with one."
            )
        if self.encoder_id != encoder_id:
            raise EncoderMismatch(
                f'The style "{self.name}" was made by another style encoder '
                f"({self.encoder_id[:12]}, the model has {encoder_id[:12]}). Make it again: "
                f"impasto styles add PAINTING --name {self.name} --overwrite"
            )


def mix(styles: Sequence[Style], weights: Sequence[float]) -> Style:
    """Return the weighted mean of styles; the weights are divided by their sum.

    Mixing a style with itself gives that style. Where one has no vector the mix has none. Raises
    UsageError unless the sum is positive and no weight negative, EncoderMismatch for vectors of
    different encoders.
    """
    shares = np.asarray(weights, np.float64)
    if (shares < 0).any() or not shares.sum() > 0:
        came = ", ".join(f"{weight:g}" for weight in weights)
        raise UsageError(f"Style weights must be 0 or more, and not all 0; got {came}.")
    shares = shares / shares.sum()
    if len(styles) == 1:
        return styles[0]
    vector, encoder_id = _mean(styles, shares)
    named = [
        {"name": style.name, "weight": round(float(s), 4)}
        for s, style in zip(shares, styles, strict=True)
    ]
    card = StyleCard("-".join(style.name for style in styles), extra={"mix": named})
    parts = tuple(
        (float(s) * share, part)
        for s, style in zip(shares, styles, strict=True)
        for share, part in style.each
        if s > 0
    )
    return Style(vector, encoder_id, card, parts=parts)


def _mean(styles: Sequence[Style], shares: npt.NDArray[np.float64]) -> tuple[Vector, str]:
    """Return the mean vector and its encoder; both empty where a style has none."""
    if not all(style.vector.size for style in styles):
        return np.empty(0, np.float32), ""
    for style in styles:
        style.check_encoder(styles[0].encoder_id)
    vectors = np.stack([style.vector for style in styles]).astype(np.float64)
    return (shares @ vectors).astype(np.float32), styles[0].encoder_id


def describe(style: Style) -> dict[str, object]:
    """Return the card as plain data, for the disclosure of a painting."""
    card: dict[str, object] = json.loads(style.card.to_json())
    return {k: v for k, v in card.items() if k not in ("schema", "palette")}
