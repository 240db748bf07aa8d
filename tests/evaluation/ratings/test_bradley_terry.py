"""Scores recover known strengths, and do not depend on what they must not."""

import math
from dataclasses import replace

import numpy as np
import pytest

from impasto.evaluation.ratings.bradley_terry import fit, scores
from impasto.evaluation.ratings.store import Choice, Comparison

STRENGTHS = {"a": 1.0, "b": 0.4, "c": -0.3, "d": -1.1}


def simulated(count: int, seed: int, ties: float = 0.0) -> list[Comparison]:
    """Return answers of people who choose by the model."""
    random = np.random.default_rng(seed)
    answers = []
    for number in range(count):
        left, right = random.permutation(list(STRENGTHS))[:2]
        chance = 1 / (1 + math.exp(STRENGTHS[right] - STRENGTHS[left]))
        choice: Choice = "left" if random.random() < chance else "right"
        choice = "tie" if random.random() < ties else choice
        answers.append(Comparison("Ann", f"{number}", "wave", left, right, choice))
    return answers


def test_known_strengths_are_recovered() -> None:
    found = scores(simulated(6000, seed=0), STRENGTHS)
    assert list(found) == ["a", "b", "c", "d"]
    assert all(abs(found[name].score - true) < 0.12 for name, true in STRENGTHS.items())


def test_intervals_hold_the_truth_nineteen_times_of_twenty() -> None:
    held = [
        found[name].low < true < found[name].high
        for seed in range(60)
        for found in [scores(simulated(200, seed), STRENGTHS)]
        for name, true in STRENGTHS.items()
    ]
    assert 0.9 < np.mean(held) < 0.99


def test_more_answers_make_narrower_intervals() -> None:
    few, many = (scores(simulated(count, 1), STRENGTHS)["a"] for count in (100, 400))
    ratio = (few.high - few.low) / (many.high - many.low)
    assert 1.7 < ratio < 2.3


def test_two_models_have_the_odds_of_their_wins() -> None:
    strength, _ = fit(np.array([[0.0, 300], [100, 0]]))
    assert strength[0] - strength[1] == pytest.approx(math.log(3), abs=0.01)
    assert strength.sum() == pytest.approx(0)


def test_sides_names_and_order_change_nothing() -> None:
    answers = simulated(300, seed=2, ties=0.2)
    found = scores(answers, STRENGTHS)
    mirror: dict[Choice, Choice] = {"left": "right", "right": "left", "tie": "tie"}
    mirrored = [
        replace(one, left=one.right, right=one.left, choice=mirror[one.choice])
        for one in reversed(answers)
    ]
    other = scores(mirrored, reversed(list(STRENGTHS)))
    for name, one in found.items():
        assert other[name].score == pytest.approx(one.score)
        assert other[name].high == pytest.approx(one.high)


def test_losses_for_wins_turn_the_scores_round() -> None:
    wins = np.array([[0.0, 7, 9], [3, 0, 5], [1, 5, 0]])
    strength, deviation = fit(wins)
    turned, same = fit(wins.T)
    assert turned == pytest.approx(-strength)
    assert same == pytest.approx(deviation)


def test_ties_pull_together_and_skips_do_nothing() -> None:
    won = [Comparison("Ann", "photo", "wave", "a", "b", "left")] * 6
    tied = [Comparison("Ann", "photo", "wave", "a", "b", "tie")] * 6
    skipped = [Comparison("Ann", "photo", "wave", "a", "b", "skip")] * 6
    assert scores(tied, "ab")["a"].score == pytest.approx(0)
    assert 0 < scores(won + tied, "ab")["a"].score < scores(won, "ab")["a"].score
    assert scores(won + skipped, "ab") == scores(won, "ab")
    counted = scores(won + tied, "ab")
    assert (counted["a"].wins, counted["a"].losses, counted["a"].ties) == (6, 0, 6)


def test_who_never_lost_is_finite_and_who_never_played_unknown() -> None:
    won = [Comparison("Ann", "photo", "wave", "a", "b", "left")] * 30
    found = scores(won, ["a", "b", "idle"])
    assert 2 < found["a"].score < 6
    assert found["a"].chance > 0.85
    width = {name: one.high - one.low for name, one in found.items()}
    assert all(math.isfinite(one) for one in width.values())
    assert found["idle"].low < 0 < found["idle"].high


def test_nothing_gives_nothing() -> None:
    assert scores([], []) == {}
