"""A report folder says what can be compared, and nothing outside of it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from impasto.errors import UsageError
from impasto.evaluation.ratings.exhibition import duel_of, open_exhibition


def change(report: Path, how: Callable[[dict[str, Any]], object]) -> None:
    """Change the JSON of a report."""
    path = report / "report.json"
    known = json.loads(path.read_text())
    how(known)
    path.write_text(json.dumps(known))


def test_every_two_models_meet_on_every_photo_and_style(report: Path) -> None:
    exhibition = open_exhibition(report)
    assert len(exhibition.files) == 12
    assert len(exhibition.duels) == len(set(exhibition.duels)) == 2 * 2 * 3
    assert {duel.models for duel in exhibition.duels} == {
        ("pack", "painter"), ("pack", "starry"), ("painter", "starry"),
    }  # fmt: skip
    assert set(exhibition.contents) == {"astronaut"}
    assert not exhibition.styles


def test_a_duel_has_no_sides() -> None:
    assert duel_of("c", "s", "a", "b") == duel_of("c", "s", "b", "a")


@pytest.mark.parametrize("picture", ["../secret.png", "/etc/passwd", "link/secret.png"])
def test_pictures_outside_of_the_report_are_refused(report: Path, picture: str) -> None:
    (report / "link").symlink_to(report.parent)
    change(report, lambda known: known["pairs"][0].update(picture=picture))
    with pytest.raises(UsageError, match="outside"):
        open_exhibition(report)


@pytest.mark.parametrize(
    ("how", "message"),
    [
        (lambda known: known.update(schema="other/2"), "impasto-report/1"),
        (lambda known: known.update(pairs=[]), "names no paintings"),
        (lambda known: known.update(pairs=[{"content": "x"}]), "wrong list of pairs"),
        (lambda known: known["pairs"][0].update(picture="gone.png"), "has no picture"),
    ],
)
def test_wrong_reports_are_refused(
    report: Path, how: Callable[[dict[str, Any]], object], message: str
) -> None:
    change(report, how)
    with pytest.raises(UsageError, match=message):
        open_exhibition(report)


def test_other_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"impasto evaluate"):
        open_exhibition(tmp_path / "nothing")
    (tmp_path / "report.json").write_text("{")
    with pytest.raises(UsageError, match="damaged"):
        open_exhibition(tmp_path)
    (tmp_path / "report.json").write_text("[]")
    with pytest.raises(UsageError, match="impasto-report/1"):
        open_exhibition(tmp_path)
