"""A report counts, tells the time left without what was skipped, and is written whole."""

import json
from pathlib import Path

import pytest

from impasto.batch.report import SCHEMA, Report, check_report_place
from impasto.batch.tasks import Result, Status, Task
from impasto.errors import NotAPicture, OutputError
from impasto.methods.fast import FastStylizer
from impasto.settings.stylize import StylizeSettings


def result(stylizer: FastStylizer, name: str, status: Status) -> Result:
    """Return what came of a picture."""
    style = stylizer.style(["starry-night"])
    task = Task(Path(name), Path("out", name), style, StylizeSettings())
    error = NotAPicture("no picture") if status == "failed" else None
    return Result(task, status, 1.5, None if error else (30, 40), error)


def test_the_time_left_is_that_of_the_painted_ones(
    stylizer: FastStylizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    report = Report(10, {}, stylizer)
    assert report.add(result(stylizer, "a.png", "skipped")).eta_s == 0
    now = 104.0
    report.add(result(stylizer, "b.png", "painted"))
    progress = report.add(result(stylizer, "c.png", "failed"))
    assert (progress.step, progress.total, progress.eta_s) == (3, 10, 2 * 7)
    assert progress.values == {"painted": 1, "skipped": 1, "failed": 1}


def test_a_report_of_unfinished_work_is_whole(stylizer: FastStylizer, tmp_path: Path) -> None:
    report = Report(3, {"strength": 0.5}, stylizer)
    for name, status in (("b.png", "painted"), ("a.png", "failed")):
        report.add(result(stylizer, name, status))  # type: ignore[arg-type]
    report.interrupted = True
    report.write(tmp_path / "report.json")
    told = json.loads((tmp_path / "report.json").read_text())
    assert (told["schema"], told["interrupted"]) == (SCHEMA, True)
    assert told["totals"] == {"pictures": 3, "painted": 1, "skipped": 0, "failed": 1, "left": 1}
    assert [one["input"] for one in told["pictures"]] == ["a.png", "b.png"]
    bad, good = told["pictures"]
    assert bad["error"] == {"class": "NotAPicture", "message": "no picture"}
    assert (good["height"], good["width"], good["seconds"]) == (30, 40, 1.5)
    assert list(report.failed) == ["a.png"]


def test_a_report_replaces_a_report_but_nothing_else(tmp_path: Path) -> None:
    check_report_place(tmp_path / "report.json")
    (tmp_path / "report.json").touch()
    check_report_place(tmp_path / "report.json")
    (tmp_path / "folder.json").mkdir()
    for name, message in (
        ("photo.jpg", "no .json"),
        ("x/r.json", "mkdir"),
        ("folder.json", "is a"),
    ):
        with pytest.raises(OutputError, match=message):
            check_report_place(tmp_path / name)
    assert {path.name for path in tmp_path.iterdir()} == {"report.json", "folder.json"}
