"""The report and other programs get what people said, and no more than they said."""

import csv
import io
import json
from pathlib import Path

import pytest

from impasto.errors import UsageError
from impasto.evaluation.ratings.store import Choice, Comparison, Rating, Ratings
from impasto.evaluation.ratings.summary import as_csv, summary


@pytest.fixture
def store(tmp_path: Path) -> Ratings:
    """Two people prefer a; one of them saw a question twice, and rated."""
    store = Ratings(tmp_path / "ratings.sqlite")
    choices: list[Choice] = ["left", "tie", "skip", "left"]
    for rater in ("Ann", "Bob"):
        for number, choice in enumerate(choices):
            store.add(Comparison(rater, f"photo-{number}", "wave", "a", "b", choice, 900))
    store.add(Comparison("Ann", "photo-0", "wave", "b", "a", "left"))
    for number, stars in enumerate((5, 4, 5)):
        store.add(Rating("Ann", f"photo-{number}", "wave", "a", stars))
    store.add(Rating("Ann", "photo-0", "wave", "b", 2, '=1+1 "dull"\nand grey'))
    return store


def test_a_summary_counts_and_ranks(store: Ratings) -> None:
    told = summary(store.path)
    assert told == json.loads(json.dumps(told))
    assert (told["comparisons"], told["skips"], told["raters"], told["ratings"]) == (7, 2, 2, 4)
    assert [row["model"] for row in told["scores"]] == ["a", "b"]
    assert told["scores"][0]["wins"] == 4  # the repeat is not a voice of its own
    assert told["scores"][0]["ties"] == 2
    assert told["agreement"]["same"] == 1
    assert (told["agreement"]["self_same"], told["agreement"]["repeats"]) == (0, 1)


def test_stars_have_means_with_intervals_and_comments(store: Ratings) -> None:
    told = summary(store.path)
    first, second = told["stars"]
    assert (first["model"], first["count"], second["model"], second["count"]) == ("a", 3, "b", 1)
    assert first["mean"] == pytest.approx(14 / 3)
    assert first["low"] < first["mean"] < first["high"] <= 5
    assert second["low"] < 2 < second["high"]  # one rating is not known exactly
    assert told["comments"] == [
        {"model": "b", "content": "photo-0", "style": "wave", "stars": 2,
         "comment": '=1+1 "dull"\nand grey'}
    ]  # fmt: skip


def test_after_one_rating_nothing_is_known(tmp_path: Path) -> None:
    store = Ratings(tmp_path / "ratings.sqlite")
    store.add(Rating("Ann", "photo", "wave", "a", 3))
    (row,) = summary(store.path)["stars"]
    assert (row["mean"], row["low"], row["high"]) == (3, 1, 5)


def test_an_empty_file_has_an_empty_summary(tmp_path: Path) -> None:
    told = summary(Ratings(tmp_path / "ratings.sqlite").path)
    assert told["scores"] == told["stars"] == told["comments"] == []
    assert told["comparisons"] == told["raters"] == 0


def test_no_file_is_told_and_not_made(tmp_path: Path) -> None:
    path = tmp_path / "ratings.sqlite"
    with pytest.raises(UsageError, match="Nobody has rated"):
        summary(path)
    assert not path.exists()


def test_csv_holds_every_answer_and_runs_no_formula(store: Ratings) -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(store.path))))
    assert len(rows) == 9 + 4
    assert {row["kind"] for row in rows} == {"comparison", "rating"}
    assert rows[0]["milliseconds"] == "900"
    assert rows[-1]["comment"] == '\'=1+1 "dull"\nand grey'
    assert rows[-1]["left"] == ""
