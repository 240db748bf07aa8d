"""Run folders tell how far they are, whoever made them."""

import sys
from pathlib import Path

import pytest

from impasto.device.progress import Progress
from impasto.training.watch.summary import find_runs, is_run, summarize
from impasto.weights.runs import RunFolder


def begun(path: Path, recipe: str = 'recipe = "style"') -> RunFolder:
    run = RunFolder(path)
    run.state.mkdir(parents=True)
    run.settings.write_text(recipe + "\n", "utf-8")
    return run


def trained(step: int) -> Progress:
    return Progress("train", step, 10, 3.0, {"loss": 1 / step})


def test_runs_are_found_here_below_and_among_trials(tmp_path: Path) -> None:
    for name in ("a.run", "search/trials/001", "deep/down/b.run"):
        begun(tmp_path / name)
    (tmp_path / "photos").mkdir()
    names = [str(run.relative_to(tmp_path)) for run in find_runs(tmp_path)]
    assert names == ["a.run", str(Path("search", "trials", "001"))]
    assert list(find_runs(tmp_path / "search")) == [tmp_path / "search" / "trials" / "001"]
    assert list(find_runs(tmp_path / "a.run")) == [tmp_path / "a.run"]
    assert list(find_runs(tmp_path / "gone")) == [] and not is_run(tmp_path / "photos")


def test_a_training_from_its_beginning_to_its_end(tmp_path: Path) -> None:
    run = begun(tmp_path)
    assert summarize(tmp_path).state == "begun"
    run.log(trained(4))
    run.log(Progress("held-out", 4, 10, 3.0, {"loss": 0.3}))
    run.log(Progress("verdict", 4, 10, 3.0, {"saturated": 1.0}, words="too much"))
    told = summarize(tmp_path)
    assert (told.recipe, told.state, told.step, told.total) == ("style", "stopped", 4, 10)
    assert (told.values, told.held_out) == ({"loss": 0.25}, {"loss": 0.3})
    assert told.verdicts == {"saturated": "too much"}
    run.log(trained(8))
    (tmp_path / "result.json").write_text('{"step": 8}', "utf-8")  # a time budget ended it
    assert summarize(tmp_path).state == "finished"
    run.log(trained(9))
    assert summarize(tmp_path).state == "stopped"


def test_an_optimization_is_finished_when_its_state_is_gone(tmp_path: Path) -> None:
    run = begun(tmp_path, "strength = 50")
    run.log(Progress("step", 5, 5, 0.0, {"loss": 0.5, "size": 64}))
    assert summarize(tmp_path).recipe == "optimize" and summarize(tmp_path).state == "stopped"
    run.state.rmdir()
    assert summarize(tmp_path).state == "finished"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows locks no folders")
def test_a_run_that_a_process_holds_is_running(tmp_path: Path) -> None:
    run = begun(tmp_path)
    run.log(trained(10))
    with run.held():
        assert summarize(tmp_path).state == "running"
    assert summarize(tmp_path).state == "finished"


def test_settings_that_cannot_be_read_hide_nothing_else(tmp_path: Path) -> None:
    run = begun(tmp_path, "recipe = ")
    run.log(trained(3))
    assert (summarize(tmp_path).recipe, summarize(tmp_path).step) == ("?", 3)
