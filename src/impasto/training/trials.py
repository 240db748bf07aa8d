"""The trials of a search: what each had, how good it is, and which is the best."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

import optuna
from optuna.trial import TrialState

from impasto.errors import TrainingError
from impasto.evaluation.ratings.bradley_terry import scores
from impasto.evaluation.ratings.store import NAME, Ratings
from impasto.losses.perceptual import PerceptualWeights
from impasto.settings.recipe_files import to_recipe
from impasto.settings.recipes import ArbitrarySettings, PersonalSettings
from impasto.settings.training import TrainingSettings
from impasto.weights.files import write_atomically

Measure = Literal["losses", "ratings"]
ENDED = (TrialState.COMPLETE, TrialState.FAIL)


@dataclass(frozen=True)
class Trial:
    """One training of a search; its loss is infinite where it came to no end."""

    number: int
    folder: Path
    values: Mapping[str, Any]  # of the fields that are searched over
    loss: float
    score: float | None  # of Bradley and Terry, where people judged it

    def words(self) -> str:
        """Return how good it is, and by which values."""
        values = ", ".join(f"{name} {in_words(value)}" for name, value in self.values.items())
        return f"{in_words(self.loss) if math.isfinite(self.loss) else 'failed'} with {values}"


@dataclass(frozen=True)
class Found:
    """What a search came to; `best` is a recipe file."""

    best: Path
    trials: Sequence[Trial]  # the best first


def objective(held_out: Mapping[str, float]) -> float:
    """Return how good a network is, lower is better, by its losses on photos held out.

    Their sum by the weights that are set where nothing is said, whatever weights it was trained by:
    so trials that differ in weights compare.
    """
    weights: dict[str, float] = asdict(PerceptualWeights())
    weights["identity"] = ArbitrarySettings.identity_weight
    weights["prior"] = PersonalSettings.prior_weight
    return sum(weights[name] * value for name, value in held_out.items() if name in weights)


def run_of(folder: Path, number: int) -> Path:
    """Return the run folder of a trial."""
    return folder / "trials" / f"{number:03}"


def numbers(study: optuna.Study, *states: TrialState) -> list[int]:
    """Return the numbers of the trials that are in one of these states."""
    return [trial.number for trial in study.get_trials(deepcopy=False, states=states)]


def ratings_of(folder: Path) -> dict[int, float]:
    """Return the scores of trials, by number, in the report of a search; higher is better.

    The report is ``report/`` in the folder of the search, of models named as the trials: ``003``.
    """
    place = folder / "report" / NAME
    if not place.is_file():
        return {}
    comparisons = Ratings(place).comparisons()
    names = {name for one in comparisons for name in (one.left, one.right)}
    return {
        int(name): one.score for name, one in scores(comparisons, names).items() if name.isdecimal()
    }


def values_by(study: optuna.Study, folder: Path, by: Measure) -> dict[int, float]:
    """Return how good trials are, lower is better, where that is known.

    Raises TrainingError where people are to judge and did not.
    """
    if by == "losses":
        return {i: study.trials[i].values[0] for i in numbers(study, TrialState.COMPLETE)}
    trials = numbers(study, TrialState.COMPLETE)
    judged = {i: -score for i, score in ratings_of(folder).items() if i in trials}
    if not judged:
        raise TrainingError(
            f"Nobody compared trials in {folder / 'report'} yet. Export some as models with their "
            "numbers as names, evaluate these into that folder, and let people rate it."
        )
    return judged


def write_best(study: optuna.Study, settings: TrainingSettings, folder: Path, by: Measure) -> Found:
    """Write the recipe of the best trial as best.toml, and return all trials, the best first.

    Where all failed, there is none.
    """
    values, scored = values_by(study, folder, by), ratings_of(folder)
    trials = [
        Trial(
            known.number,
            run_of(folder, known.number),
            known.params,
            known.values[0] if known.values else math.inf,
            scored.get(known.number),
        )
        for known in study.get_trials(deepcopy=False, states=ENDED)
    ]
    trials.sort(key=lambda trial: values.get(trial.number, math.inf))
    best = folder / "best.toml"
    if values:
        write_atomically(best, to_recipe(replace(settings, **trials[0].values)).encode())
    return Found(best, trials)


def in_words(value: Any) -> str:
    """Return a value, numbers to three digits."""
    return f"{value:.3g}" if isinstance(value, float) else str(value)
