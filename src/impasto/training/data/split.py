"""Which pictures are held out: by their content, so that adding pictures moves none."""

import hashlib
from collections.abc import Sequence
from typing import Literal, TypeVar

from impasto.errors import TrainingError

Split = Literal["all", "train", "held-out"]
HELD_OUT = 0.05  # share of the pictures
T = TypeVar("T")


def draw_of(sha256: str, seed: int) -> float:
    """Return a number in [0, 1) that follows from the hash of a picture and the seed alone."""
    digest = hashlib.sha256(f"{seed} {sha256}".encode()).digest()
    return int.from_bytes(digest[:6]) / 2**48


def held_out(hashes: Sequence[str], seed: int = 0, share: float = HELD_OUT) -> list[bool]:
    """Tell which pictures, given by their hashes, are held out: about a share, and at least one.

    Equal pictures are held out together. Raises TrainingError where nothing would be left to
    train on.
    """
    draws = [draw_of(sha256, seed) for sha256 in hashes]
    lowest = min(draws, default=0.0)
    chosen = [draw < share or draw == lowest for draw in draws]
    if all(chosen):
        raise TrainingError(
            f"{len(hashes)} {'picture' if len(hashes) == 1 else 'equal pictures'} cannot be "
            "split into some to train on and some held out. Give two different ones at least."
            if len(set(hashes)) < 2
            else f"A share of {share:g} held out leaves no picture to train on. Lower it."
        )
    return chosen
