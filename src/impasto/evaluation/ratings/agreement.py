"""How far people agree, with each other and with themselves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from impasto.evaluation.ratings.exhibition import Duel
from impasto.evaluation.ratings.store import Comparison


@dataclass(frozen=True)
class Agreement:
    """Shares are from 0 to 1, None where nothing was there to compare."""

    alpha: float | None  # Krippendorff's: 1 all agree, 0 as by lot
    same: float | None  # of two people who saw the same two paintings, how many said the same
    pairs: int  # such pairs of answers
    self_same: float | None  # how often a question that came again had the same answer
    repeats: int
    left: float | None  # how often the left was preferred; far from one half, nobody looked


def agreement(comparisons: Iterable[Comparison]) -> Agreement:
    """Measure the agreement of answers; skips do not count, of repeats the first answer does.

    Krippendorff's alpha, with -1, 0 and 1 for the one model, a tie and the other, and squared
    differences. Which of two models is "the one" means nothing, so the disagreement expected by
    chance is that of both orders: twice the mean square of the answers.
    """
    answered = [one for one in comparisons if one.choice != "skip"]
    by_rater: dict[tuple[Duel, str], list[int]] = {}
    for one in answered:
        by_rater.setdefault((one.duel, one.rater), []).append(_value(one))
    units: dict[Duel, list[int]] = {}
    for (duel, _), values in by_rater.items():
        units.setdefault(duel, []).append(values[0])
    twos = [two for values in units.values() for two in combinations(values, 2)]
    repeats = [(values[0], later) for values in by_rater.values() for later in values[1:]]
    sides = [one.choice == "left" for one in answered if one.choice != "tie"]
    return Agreement(
        alpha=_alpha([values for values in units.values() if len(values) > 1]),
        same=_share([one == other for one, other in twos]),
        pairs=len(twos),
        self_same=_share([one == other for one, other in repeats]),
        repeats=len(repeats),
        left=_share(sides),
    )


def _value(one: Comparison) -> int:
    return 0 if one.winner is None else 1 if one.winner == one.duel.models[1] else -1


def _alpha(units: Sequence[Sequence[int]]) -> float | None:
    values = [value for unit in units for value in unit]
    expected = 2 * sum(value**2 for value in values) / max(1, len(values))
    if not expected:  # nobody met, or all said tie
        return None
    observed = sum(
        2 * (one - other) ** 2 / (len(unit) - 1)
        for unit in units
        for one, other in combinations(unit, 2)
    ) / len(values)
    return 1 - observed / expected


def _share(answers: Sequence[bool]) -> float | None:
    return sum(answers) / len(answers) if answers else None
