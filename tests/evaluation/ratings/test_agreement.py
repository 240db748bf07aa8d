"""Agreement is 1 where all agree, 0 by lot, and the same whatever models are called."""

from dataclasses import replace

import numpy as np
import pytest

from impasto.evaluation.ratings.agreement import agreement
from impasto.evaluation.ratings.store import Choice, Comparison


def said(rater: str, photo: int, choice: Choice) -> Comparison:
    """Return an answer about the models a (left) and b."""
    return Comparison(rater, f"{photo}", "wave", "a", "b", choice)


def by_lot(raters: int, photos: int) -> list[Comparison]:
    """Return answers of people who do not look."""
    random = np.random.default_rng(0)
    choices: list[Choice] = ["left", "right", "tie"]
    return [
        said(f"rater-{rater}", photo, choices[random.integers(3)])
        for rater in range(raters)
        for photo in range(photos)
    ]


def test_all_the_same_is_one() -> None:
    choices: list[Choice] = ["left", "right", "left", "tie"]
    answers = [said(rater, i, one) for rater in ("Ann", "Bob") for i, one in enumerate(choices)]
    found = agreement(answers)
    assert (found.alpha, found.same, found.pairs) == (1, 1, 4)


def test_always_opposite_is_below_nothing() -> None:
    answers = [said("Ann", i, "left") for i in range(9)] + [
        said("Bob", i, "right") for i in range(9)
    ]
    found = agreement(answers)
    assert (found.alpha, found.same) == (-1, 0)


def test_by_lot_is_near_zero() -> None:
    found = agreement(by_lot(4, 400))
    assert found.alpha == pytest.approx(0, abs=0.05)
    assert found.same == pytest.approx(1 / 3, abs=0.04)
    assert found.left == pytest.approx(1 / 2, abs=0.05)


def test_it_is_krippendorffs_alpha_of_both_orders() -> None:
    """By the published definition, on each unit twice: as it is, and with models exchanged."""
    answers = by_lot(3, 300)
    values = np.array([{"left": -1, "tie": 0, "right": 1}[one.choice] for one in answers])
    table = values.reshape(3, 300).T
    both = np.concatenate([table, -table]).astype(float)
    observed = np.mean([(row[:, None] - row[None, :]).ravel() ** 2 for row in both]) * 9 / 6
    pooled = both.ravel()
    count = len(pooled)
    expected = np.square(pooled[:, None] - pooled[None, :]).sum() / count / (count - 1)
    assert agreement(answers).alpha == pytest.approx(1 - observed / expected, abs=1e-3)


def test_sides_and_names_change_nothing() -> None:
    answers = by_lot(3, 40)
    mirror: dict[Choice, Choice] = {"left": "right", "right": "left", "tie": "tie"}
    turned = [replace(one, left="b", right="a", choice=mirror[one.choice]) for one in answers]
    renamed = [replace(one, left="z") for one in answers]
    assert agreement(turned).alpha == pytest.approx(agreement(answers).alpha)
    assert agreement(renamed).alpha == pytest.approx(agreement(answers).alpha)


def test_repeats_measure_a_person_not_two() -> None:
    again = replace(said("Ann", 0, "right"), left="b", right="a")  # the same model once more
    answers = [said("Ann", 0, "left"), again, said("Ann", 1, "left"), said("Ann", 1, "tie")]
    found = agreement(answers)
    assert (found.self_same, found.repeats, found.pairs, found.alpha) == (0.5, 2, 0, None)


def test_skips_and_nothing() -> None:
    found = agreement([said("Ann", 0, "skip"), said("Bob", 0, "skip")])
    assert found == agreement([])
    assert found.same is found.alpha is found.self_same is found.left is None


def test_only_ties_tell_nothing() -> None:
    found = agreement([said("Ann", 0, "tie"), said("Bob", 0, "tie")])
    assert (found.alpha, found.same) == (None, 1)
