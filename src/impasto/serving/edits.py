"""Edits as OpenAI's library asks for them: what is meant, in the words of stylizations."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from impasto.provenance.cards import StyleCard
from impasto.serving.assets import Asset
from impasto.serving.problems import Problem
from impasto.serving.schemas.edits import ImageEdit
from impasto.serving.styles import NAME
from impasto.styles.search import nearest
from impasto.weights.models import named_models

WORD = re.compile(rf"(?P<name>{NAME})(:[0-9.]+)?")
THEIRS = re.compile(r"(gpt-image|chatgpt-image|dall-e)[\w.-]*")  # models that clients name
SIZES = {"low": 512, "medium": 1024}  # long side by quality
PARTIAL = (256, 384, 512)  # long sides of what is sent before
DEFAULT_SIDE = 1 << 15


@dataclass(frozen=True)
class Edit:
    """What to paint: one stylization for each result."""

    bodies: Sequence[dict[str, Any]]
    long_side: int

    def partial(self, count: int) -> list[dict[str, Any]]:
        """Return smaller stylizations of the first result, to be shown before it."""
        smaller = [side for side in PARTIAL if side < self.long_side]
        return [{**self.bodies[0], "size": side} for side in smaller[-count:]] if count else []


def edit_of(asked: ImageEdit, photo: Asset, cards: Sequence[StyleCard]) -> Edit:
    """Return what an edit means.

    Args:
        photo: the first picture.
        cards: the styles that the prompt may mean.

    Raises Problem for a prompt that no style fits, a model that is not there.
    """
    long_side = _long_side(asked, photo)
    common: dict[str, Any] = {
        "content": photo.id,
        "size": long_side,
        "output": {"format": asked.output_format, "quality": max(1, asked.output_compression)},
    }
    if model := _model(asked.model):
        common["model"] = model
    if asked.mask is not None:  # what is opaque there stays
        common["regions"] = [{"mask": asked.mask, "style": None}]
    if len(asked.image) > 1:
        styles = [[f"asset:{id}" for id in asked.image[1:]]]
    else:
        styles = styles_of(asked.prompt, cards)[: asked.n]
    return Edit([{**common, "style": style} for style in styles], long_side)


def styles_of(prompt: str, cards: Sequence[StyleCard]) -> list[list[str]]:
    """Return the styles that a prompt may mean, best first: one mix by names, or one for each fit.

    Raises Problem where nothing fits.
    """
    words = [word for word in re.split(r"[,;\s]+", prompt.strip()) if word]
    known = {card.name for card in cards}
    named = [found for word in words if (found := WORD.fullmatch(word)) and found["name"] in known]
    if words and len(named) == len(words):
        return [words]
    # A name in other words, as "paint it in starry-night:0.5", is meant as well.
    if named:
        return [[found[0] for found in named]]
    fitting = nearest(cards, prompt)
    if not fitting:
        raise Problem(
            "unknown-style",
            "No style fits this prompt. Name one, as starry-night, or an artist, a title, a "
            "school or a color: GET /v1/styles lists them.",
            status=400,
            title="There is no such style",
            param="prompt",
        )
    return [[card.name] for card in fitting]


def _model(name: str | None) -> str | None:
    if name is None or THEIRS.fullmatch(name):
        return None
    if name not in named_models():
        words = f'There is no model "{name[:60]}". GET /v1/models lists them.'
        raise Problem("unknown-model", words, param="model")
    return name


def _long_side(asked: ImageEdit, photo: Asset) -> int:
    """Return the long side of the result: of the photo's proportions, within the size."""
    width, height = photo.width or 1, photo.height or 1
    largest = max(width, height)
    if asked.size == "auto":
        return max(8, min(largest, SIZES.get(asked.quality, DEFAULT_SIDE)))
    across, down = (int(side) for side in asked.size.split("x"))
    return max(8, round(min(across / width, down / height) * largest))
