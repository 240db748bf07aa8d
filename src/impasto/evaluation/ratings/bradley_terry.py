"""How good each model is, from which of two was preferred: the Bradley-Terry model."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from impasto.evaluation.ratings.store import Comparison

PRIOR = 0.5  # wins and losses of every model against one of strength 0
Z = 1.959964  # 95 % of a normal distribution
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Score:
    """A model's strength in natural logarithms of odds; the mean of all models is 0."""

    score: float
    low: float  # of the 95 % interval
    high: float
    wins: int
    losses: int
    ties: int

    @property
    def chance(self) -> float:
        """The probability that it is preferred to a model of strength 0."""
        return 1 / (1 + math.exp(-self.score))


def scores(comparisons: Iterable[Comparison], models: Iterable[str]) -> dict[str, Score]:
    """Return the models' scores, best first; skips do not count, a tie is half a win for each.

    Maximum likelihood of P(i is preferred to j) = 1 / (1 + exp(s_j - s_i)) (Bradley and Terry,
    1952), by Newton's method. Every model also has half a win and half a loss against a model of
    strength 0, so that one that never lost stays finite. Intervals come from the Fisher
    information, as if all comparisons were independent.
    """
    names = sorted(set(models))
    index = {name: place for place, name in enumerate(names)}
    wins, ties = np.zeros((2, len(names), len(names)))
    for one in comparisons:
        i, j = index[one.left], index[one.right]
        wins[i, j] += one.choice == "left"
        wins[j, i] += one.choice == "right"
        ties[[i, j], [j, i]] += one.choice == "tie"
    strength, deviation = fit(wins + ties / 2)
    made = {
        name: Score(
            float(strength[i]),
            float(strength[i] - Z * deviation[i]),
            float(strength[i] + Z * deviation[i]),
            *(int(table.sum()) for table in (wins[i], wins[:, i], ties[i])),
        )
        for name, i in index.items()
    }
    return dict(sorted(made.items(), key=lambda item: -item[1].score))


def fit(wins: Floats, steps: int = 100) -> tuple[Floats, Floats]:
    """Return strengths and their standard deviations, n each, from n x n wins of row over column.

    Strengths are measured from their mean.
    """
    games, strength = wins + wins.T, np.zeros(len(wins))
    for _ in range(steps):
        gradient, information = _slopes(wins, games, strength)
        step = np.linalg.solve(information, gradient)
        # The likelihood is concave; a step of at most 1 keeps Newton from leaping over its top.
        strength += step / max(1.0, float(np.abs(step).max(initial=0)))
        if np.abs(step).max(initial=0) < 1e-10:
            break
    _, information = _slopes(wins, games, strength)
    centre = np.eye(len(wins)) - 1 / max(1, len(wins))
    covariance = centre @ np.linalg.inv(information) @ centre
    return centre @ strength, np.sqrt(np.diag(covariance))


def _slopes(wins: Floats, games: Floats, strength: Floats) -> tuple[Floats, Floats]:
    """Return the gradient of the log-likelihood, and its negative second derivative."""
    chance = _sigmoid(strength[:, None] - strength[None, :])
    alone = _sigmoid(strength)
    gradient = (wins - games * chance).sum(axis=1) + PRIOR - 2 * PRIOR * alone
    weight = games * chance * (1 - chance)
    diagonal = weight.sum(axis=1) + 2 * PRIOR * alone * (1 - alone)
    return gradient, np.diag(diagonal) - weight


def _sigmoid(x: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-x)))


def as_numbers(scored: Mapping[str, Score]) -> list[dict[str, str | float | int]]:
    """Return scores for JSON, best first."""
    return [
        {
            "model": name,
            "score": one.score,
            "low": one.low,
            "high": one.high,
            "chance": one.chance,
            "wins": one.wins,
            "losses": one.losses,
            "ties": one.ties,
        }
        for name, one in scored.items()
    ]
