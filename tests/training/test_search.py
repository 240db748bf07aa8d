"""A search finds what is best, keeps what is finished, and goes on within a trial."""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import impasto.training.search
from impasto.device.progress import OnProgress, Progress
from impasto.errors import Diverged, Interrupted, TrainingError
from impasto.evaluation.ratings.store import Comparison, Ratings
from impasto.settings.recipe_files import read_recipe
from impasto.settings.recipes import StyleSettings
from impasto.settings.search import Span
from impasto.training.search import search
from impasto.training.train import Result
from impasto.training.trials import objective

SETTINGS = StyleSettings(painting="painting.jpg", steps=7, style_weight=8.0)
SPANS = (Span("style_weight", 1.0, 10.0), Span("batch", 2, 8, whole=True))
Trained = list[tuple[StyleSettings, str, bool]]


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> Trained:
    """Trainings that are not done: their loss is lowest at a style weight of 3."""
    calls: Trained = []

    def train(
        settings: StyleSettings, folder: Path, *, resume: bool, on_progress: OnProgress
    ) -> Result:
        calls.append((settings, folder.name, resume))
        on_progress(Progress("train", 7, 7, 0.0, {"loss": 1.0}))
        return Result(folder, 7, {"style": (settings.style_weight - 3) ** 2, "other": 99.0})

    monkeypatch.setattr("impasto.training.search.train", train)
    return calls


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception, at: Callable[[Any], bool]) -> None:
    right = vars(impasto.training.search)["train"]

    def train(settings: Any, folder: Path, **words: Any) -> Result:
        if at(settings):
            (folder / "state").mkdir(parents=True)
            (folder / "state" / "last.pt").touch()
            raise error
        result: Result = right(settings, folder, **words)
        return result

    monkeypatch.setattr("impasto.training.search.train", train)


def test_the_best_is_a_recipe_and_the_first_trial_is_the_recipe_itself(
    trained: Trained, tmp_path: Path
) -> None:
    told: list[Progress] = []
    found = search(SETTINGS, tmp_path, SPANS, 12, on_progress=told.append)
    assert trained[0] == (SETTINGS, "000", False)
    assert all(1 <= settings.style_weight <= 10 for settings, _, _ in trained)
    assert {type(settings.batch) for settings, _, _ in trained} == {int}
    best = read_recipe(found.best)
    assert best == replace(SETTINGS, **found.trials[0].values)
    assert abs(best.style_weight - 3) < abs(SETTINGS.style_weight - 3)
    losses = [trial.loss for trial in found.trials]
    assert losses == sorted(losses) and len(losses) == 12
    assert [event.step for event in told if event.kind == "trial"] == list(range(1, 13))


def test_losses_are_weighed_alike_whatever_is_searched() -> None:
    held_out: Mapping[str, float] = {"style": 1.0, "content": 2.0, "loss": 50.0}
    assert objective(held_out) == pytest.approx(2.5 + 2 * 1.3)
    # or values that spoil other styles, or photos in their own, would be the best
    assert objective({"prior": 2.0, "identity": 3.0}) == pytest.approx(2 * 5 + 3)


def test_what_is_finished_is_kept(trained: Trained, tmp_path: Path) -> None:
    search(SETTINGS, tmp_path, SPANS, 3)
    with pytest.raises(TrainingError, match="--resume"):
        search(SETTINGS, tmp_path, SPANS, 5)
    found = search(SETTINGS, tmp_path, (), 5, resume=True)
    assert [folder for _, folder, _ in trained] == ["000", "001", "002", "003", "004"]
    values = [settings.style_weight for settings, _, _ in trained]
    assert len(set(values)) == 5  # a sampler that begins anew does not repeat itself
    assert len(found.trials) == 5
    with pytest.raises(TrainingError, match="other fields"):
        search(SETTINGS, tmp_path, SPANS[:1], 6, resume=True)


def test_a_trial_that_was_stopped_is_continued(
    trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        failing(patch, Interrupted("stopped"), lambda settings: len(trained) == 1)
        with pytest.raises(Interrupted):
            search(SETTINGS, tmp_path, SPANS, 3)
    search(SETTINGS, tmp_path, SPANS, 3, resume=True)
    assert [(folder, resume) for _, folder, resume in trained] == [
        ("000", False),
        ("001", True),
        ("002", False),
    ]


def test_trials_that_diverge_are_counted_and_come_last(
    trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, Diverged("no number"), lambda settings: settings.style_weight > 5)
    found = search(SETTINGS, tmp_path / "some", SPANS, 8)
    assert len(found.trials) == 8 and found.trials[-1].loss == float("inf")
    assert read_recipe(found.best).style_weight <= 5
    with pytest.raises(TrainingError, match="learning_rate"):
        search(SETTINGS, tmp_path / "all", (Span("style_weight", 6, 9),), 2)


def test_values_that_do_not_go_together_are_a_trial_that_failed(
    trained: Trained, tmp_path: Path
) -> None:
    spans = (Span("crop_scale_min", 0.5, 3.0), Span("crop_scale_max", 0.5, 3.0))
    found = search(SETTINGS, tmp_path, spans, 10)
    right = [trial for trial in found.trials if trial.loss < float("inf")]
    assert len(found.trials) == 10 and 0 < len(right) == len(trained) < 10
    assert all(one.values["crop_scale_min"] <= one.values["crop_scale_max"] for one in right)
    assert found.trials[-1].words().startswith("failed with")
    assert len(search(SETTINGS, tmp_path, (), 10, resume=True).trials) == 10


def test_other_errors_end_a_search(
    trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, TrainingError("no data"), lambda settings: True)
    with pytest.raises(TrainingError, match="no data"):
        search(SETTINGS, tmp_path, SPANS, 3)


def test_people_may_judge(trained: Trained, tmp_path: Path) -> None:
    search(SETTINGS, tmp_path, SPANS, 3)
    with pytest.raises(TrainingError, match="Nobody compared"):
        search(SETTINGS, tmp_path, (), 3, by="ratings", resume=True)
    (tmp_path / "report").mkdir()
    ratings = Ratings(tmp_path / "report" / "ratings.sqlite")
    for loser in ("001", "002", "painter"):
        for _ in range(3):
            ratings.add(Comparison("anna", "photo", "style", "000", loser, "left", 900))
    found = search(SETTINGS, tmp_path, (), 5, by="ratings", resume=True)
    assert found.trials[0].number == 0 and found.trials[0].score is not None
    assert read_recipe(found.best).style_weight == SETTINGS.style_weight
    assert len(trained) == len(found.trials) == 5


def test_a_search_is_one_database(trained: Trained, tmp_path: Path) -> None:
    search(SETTINGS, tmp_path, SPANS, 1)
    with sqlite3.connect(tmp_path / "search.db") as database:
        assert database.execute("select count(*) from trials").fetchone() == (1,)
    database.close()
    assert read_recipe(tmp_path / "settings.toml") == SETTINGS
