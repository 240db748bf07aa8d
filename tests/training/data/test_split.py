"""A split follows from contents and seed: adding pictures moves none."""

import hashlib

import pytest

from impasto.errors import TrainingError
from impasto.training.data.split import held_out

HASHES = [hashlib.sha256(bytes([i])).hexdigest() for i in range(200)]


def test_about_a_share_is_held_out() -> None:
    assert 10 <= sum(held_out(HASHES, share=0.1)) <= 32


def test_adding_pictures_moves_none() -> None:
    before, after = held_out(HASHES[:150], share=0.1), held_out(HASHES, share=0.1)
    assert after[:150] == before


def test_at_least_one_is_held_out_and_one_is_not() -> None:
    assert sum(held_out(HASHES[:2], share=0.0)) == 1


def test_the_seed_changes_it() -> None:
    assert held_out(HASHES, seed=0) != held_out(HASHES, seed=1)


@pytest.mark.parametrize("hashes", [HASHES[:1], HASHES[:1] * 3])
def test_one_picture_cannot_be_split(hashes: list[str]) -> None:
    with pytest.raises(TrainingError, match="two different ones"):
        held_out(hashes)


def test_a_share_may_not_take_all() -> None:
    with pytest.raises(TrainingError, match="Lower it"):
        held_out(HASHES[:2], share=1.0)
