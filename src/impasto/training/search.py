"""Search for good values of a recipe by short trainings, each proposed by those before."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.trial import TrialState, create_trial

from impasto.device.progress import OnProgress, Progress
from impasto.errors import Diverged, SettingError, TrainingError
from impasto.settings.recipe_files import to_recipe
from impasto.settings.search import Span, base_values, spans_from_text, spans_to_text
from impasto.settings.training import TrainingSettings
from impasto.training.train import train
from impasto.training.trials import (
    ENDED,
    Found,
    Measure,
    numbers,
    objective,
    run_of,
    values_by,
    write_best,
)
from impasto.weights.files import write_atomically
from impasto.weights.runs import RunFolder

SPANS = "search_over"  # a search's own attribute of Optuna's study


def search(
    settings: TrainingSettings,
    folder: Path,
    spans: Sequence[Span],
    trials: int,
    *,
    by: Measure = "losses",
    resume: bool = False,
    on_progress: OnProgress | None = None,
) -> Found:
    """Train until a search has so many trials, and write the best recipe as best.toml.

    Every trial is a run folder, ``trials/NNN``; the first has the recipe's own values, if they are
    within `spans`. What is finished is kept: `resume` goes on where it stopped, also within a
    trial, and then `spans` may be empty: as before. New values come from the best trials so far
    (tree-structured Parzen estimators, Bergstra et al. 2011).

    Raises:
        TrainingError: the folder holds a search already, with `resume` none or one over other
            fields, no trial came to an end, or `by` ratings nobody rated any.
        Interrupted: `on_progress` raised it; the trial is saved.
    """
    with RunFolder(folder).held():
        study, spans = _opened(settings, folder, spans, resume)
        if by == "ratings":
            values_by(study, folder, by)  # raises where there are none
        tell = on_progress or (lambda event: None)
        spaces = {span.name: _distribution(span) for span in spans}
        for number in numbers(study, TrialState.RUNNING):
            _run(study, number, settings, folder, tell)
        while (done := len(numbers(study, *ENDED))) < trials:
            _guide(study, spaces, folder, by)
            number = study.ask(spaces).number
            _run(study, number, settings, folder, tell)
            best = write_best(study, settings, folder, "losses")
            tell(_event(best, number, done + 1, trials))
        if not numbers(study, TrialState.COMPLETE):
            raise TrainingError(
                "Every trial diverged, or had values that do not go together. Begin again in "
                "another folder, with smaller values of learning_rate, or other ranges."
            )
        return write_best(study, settings, folder, by)


def _opened(
    settings: TrainingSettings, folder: Path, spans: Sequence[Span], resume: bool
) -> tuple[optuna.Study, Sequence[Span]]:
    place = folder / "search.db"
    if place.exists() != resume:
        raise TrainingError(
            f"{folder} holds no search to continue. Begin it without --resume."
            if resume
            else f"{folder} holds a search already. Continue it with --resume, or choose another "
            "folder."
        )
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(
        storage=f"sqlite:///{place}", study_name="search", load_if_exists=True
    )
    # A sampler begins anew with every process: not with the same numbers again.
    study.sampler = optuna.samplers.TPESampler(seed=settings.seed + len(study.trials))
    before = spans_from_text(study.user_attrs[SPANS]) if SPANS in study.user_attrs else ()
    if before and spans and tuple(spans) != before:
        raise TrainingError(
            f"The search in {folder} is over other fields or ranges. Continue it without "
            "--search-over, or choose another folder."
        )
    if not before:
        study.set_user_attr(SPANS, spans_to_text(spans))
        write_atomically(folder / "settings.toml", to_recipe(settings).encode())
        if (own := base_values(spans, settings)) is not None:
            study.enqueue_trial(own)
    return study, before or spans


def _distribution(span: Span) -> BaseDistribution:
    if span.choices:
        return CategoricalDistribution(span.choices)
    if span.whole:
        return IntDistribution(int(span.low), int(span.high), log=span.log)
    return FloatDistribution(span.low, span.high, log=span.log)


def _guide(
    study: optuna.Study, spaces: dict[str, BaseDistribution], folder: Path, by: Measure
) -> None:
    """Let the next trial be proposed by what people said, where they are to judge."""
    if by == "losses" or study.get_trials(states=(TrialState.WAITING,)):
        return
    guide = optuna.create_study(sampler=study.sampler)
    for number, value in values_by(study, folder, by).items():
        params = study.trials[number].params
        guide.add_trial(create_trial(params=params, distributions=spaces, value=value))
    study.enqueue_trial(guide.ask(spaces).params)


def _run(
    study: optuna.Study, number: int, settings: TrainingSettings, folder: Path, tell: OnProgress
) -> None:
    """Train one trial, or what is left of it, and tell the study what came of it."""
    run = run_of(folder, number)
    begun = (run / "state" / "last.pt").is_file()
    try:
        tried = replace(settings, **study.trials[number].params)
    except SettingError:  # values that do not go together
        study.tell(number, state=TrialState.FAIL)
        return
    try:
        result = train(tried, run, resume=begun, on_progress=tell)
    except Diverged:
        study.tell(number, state=TrialState.FAIL)
    else:
        study.tell(number, objective(result.values))


def _event(found: Found, number: int, done: int, trials: int) -> Progress:
    known = {trial.number: trial for trial in found.trials}
    trial, best = known[number], found.trials[0]
    words = f"trial {number}: {trial.words()}"
    words += (
        "; the best so far" if best is trial else f"; the best is {best.number}: {best.words()}"
    )
    return Progress("trial", done, trials, 0.0, words=words)
