"""`impasto train ... --search`: trials are shown, and what to do with the best."""

from pathlib import Path
from typing import Any

import pytest

from impasto.cli.app import main
from impasto.errors import Interrupted
from impasto.training.trials import Found, Trial

Capture = pytest.CaptureFixture[str]
WORDS = ["train", "style", "painting.jpg", "--data", "photos", "-o", "found"]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Searches that find something at once."""
    calls: list[dict[str, Any]] = []

    def search(settings: Any, folder: Path, spans: Any, trials: int, **words: Any) -> Found:
        calls.append({"settings": settings, "spans": spans, "trials": trials, **words})
        values = {"style_weight": 4.0, "batch": 8}
        best = Trial(1, folder / "trials" / "001", values, 2.5, 0.4)
        worse = Trial(0, folder / "trials" / "000", values, float("inf"), None)
        return Found(folder / "best.toml", [best, worse])

    monkeypatch.setattr("impasto.training.search.search", search)
    return calls


def test_the_trials_are_shown_and_the_best_recipe_is_printed(
    asked: list[dict[str, Any]], capsys: Capture
) -> None:
    over = ["--search-over", "style_weight=1:20:log", "--search-over", "batch=4,8"]
    assert main([*WORDS, "--steps", "50", "--search", "trials=2", *over]) == 0
    told = capsys.readouterr()
    assert told.out == f"{Path('found', 'best.toml')}\n"
    assert told.err.splitlines()[:3] == [
        "trial  held-out loss  people  style_weight  batch",
        "001    2.5            +0.40   4             8",
        "000    failed         -       4             8",
    ]
    assert "impasto train run found" in told.err
    (call,) = asked
    assert call["settings"].steps == 50 and call["trials"] == 2 and call["by"] == "losses"
    assert [span.name for span in call["spans"]] == ["style_weight", "batch"]


def test_a_continued_search_is_over_the_same_fields(asked: list[dict[str, Any]]) -> None:
    assert main([*WORDS, "--search", "trials=4", "--resume"]) == 0
    assert asked[0]["resume"] and asked[0]["spans"] == ()


def test_a_stopped_search_says_how_it_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    def search(*_: Any, **__: Any) -> Found:
        raise Interrupted("stopped")

    monkeypatch.setattr("impasto.training.search.search", search)
    assert main([*WORDS, "--search", "trials=4"]) == 130
    again = "impasto train style -o found --search trials=4 --resume"
    assert again in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--search-over", "batch=2:4"], "--search trials=20"),
        (["--search", "trials=none"], "trials=20"),
        (["--search", "trials=3", "--search-over", "bach=2:4"], 'Did you mean "batch"'),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_trained(
    words: list[str], said: str, asked: list[dict[str, Any]], capsys: Capture
) -> None:
    assert main([*WORDS, *words]) == 2
    assert said in capsys.readouterr().err and not asked
