"""Many pictures: each is painted once, failures are told, a killed run goes on where it ended."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from impasto.batch.jobs import plan
from impasto.batch.report import Report
from impasto.batch.stylize import stylize_folder
from impasto.batch.tasks import Result, Task
from impasto.batch.work import paint
from impasto.cli.app import main
from impasto.device.progress import Progress
from impasto.methods.fast import FastStylizer
from impasto.methods.stylize import Work
from impasto.settings.stylize import StylizeSettings

STYLE = "starry-night"

Contents = Callable[[Path], dict[str, bytes]]


def tasks_of(stylizer: FastStylizer, shots: Path, out: Path, **settings: object) -> list[Task]:
    """Return the tasks of painting a folder."""
    chosen = StylizeSettings(style=(STYLE,), **settings)  # type: ignore[arg-type]
    style = stylizer.style([STYLE])
    jobs = plan([shots], [STYLE], f"{out}/")
    return [Task(job.picture, job.output, style, chosen) for job in jobs]


def statuses(results: Sequence[Result]) -> list[str]:
    """Return what came of each."""
    return sorted(result.status for result in results)


@pytest.mark.parametrize("workers", [1, 3])
def test_the_number_of_workers_changes_nothing(
    stylizer: FastStylizer, shots: Path, tmp_path: Path, workers: int, contents: Contents
) -> None:
    ours = tmp_path / "ours"
    results = list(paint(stylizer, tasks_of(stylizer, shots, ours), workers=workers))
    assert statuses(results) == ["painted"] * 6
    assert {result.size for result in results} == {(51 + n, 67 + n) for n in range(6)}
    list(paint(stylizer, tasks_of(stylizer, shots, tmp_path / "two"), workers=2))
    assert contents(ours) == contents(tmp_path / "two")


def test_resuming_skips_what_is_finished_and_nothing_else(
    stylizer: FastStylizer, shots: Path, tmp_path: Path
) -> None:
    tasks = tasks_of(stylizer, shots, tmp_path / "out")
    list(paint(stylizer, tasks[:2]))
    tasks[0].output.unlink()
    results = list(paint(stylizer, tasks, resume=True))
    assert [r.task for r in results if r.status == "skipped"] == [tasks[1]]
    assert statuses(results) == ["painted"] * 5 + ["skipped"]


def test_one_bad_picture_does_not_stop_the_others(
    stylizer: FastStylizer, shots: Path, tmp_path: Path
) -> None:
    (shots / "bad.jpg").write_text("no picture")
    results = list(paint(stylizer, tasks_of(stylizer, shots, tmp_path / "out")))
    assert statuses(results) == ["failed"] + ["painted"] * 6


def test_a_bug_in_one_picture_does_not_stop_the_others(
    stylizer: FastStylizer, shots: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(work: Work, *given: object, **named: object) -> None:
        if Path(work.opened.name).name == "b.png":
            raise ZeroDivisionError("oh")

    monkeypatch.setattr(Work, "write", broken)
    results = list(paint(stylizer, tasks_of(stylizer, shots, tmp_path / "out")))
    (failed,) = [result for result in results if result.error]
    assert "bug in Impasto: ZeroDivisionError: oh" in str(failed.error)


def test_no_more_pictures_are_open_than_there_are_workers(
    stylizer: FastStylizer, shots: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work, most = 0, 0
    lock = threading.Lock()

    def slow(*given: object, **named: object) -> None:
        nonlocal at_work, most
        with lock:
            at_work += 1
            most = max(most, at_work)
        time.sleep(0.02)
        with lock:
            at_work -= 1

    monkeypatch.setattr(Work, "write", slow)
    list(paint(stylizer, tasks_of(stylizer, shots, tmp_path / "out"), workers=2))
    assert 1 <= most <= 2


def test_closing_early_begins_nothing_more_and_leaves_no_part_files(
    stylizer: FastStylizer, shots: Path, tmp_path: Path, contents: Contents
) -> None:
    out = tmp_path / "out"
    tasks = tasks_of(stylizer, shots, out)
    with closing(paint(stylizer, tasks, workers=1)) as results:
        next(results)
    left = list(contents(out))
    assert 1 <= len(left) < 6
    assert not any(name.endswith(".part") for name in left)


def test_the_python_api_tells_progress_and_reports(
    stylizer: FastStylizer, shots: Path, tmp_path: Path
) -> None:
    told: list[Progress] = []
    report = stylize_folder(
        shots, STYLE, tmp_path / "out", stylizer=stylizer, on_progress=told.append, strength=0.5
    )
    assert isinstance(report, Report)
    assert [event.step for event in told] == [1, 2, 3, 4, 5, 6]
    assert told[-1].eta_s == 0
    assert told[-1].values == {"painted": 6, "skipped": 0, "failed": 0}
    assert (tmp_path / "out" / "trip" / "far" / f"e.{STYLE}.png").is_file()


def test_what_a_callback_raises_ends_the_work_and_the_report_knows(
    stylizer: FastStylizer, shots: Path, tmp_path: Path
) -> None:
    def stop(_: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stylize_folder(shots, STYLE, tmp_path / "out", stylizer=stylizer, on_progress=stop)


COMMAND = [
    sys.executable, "-m", "impasto", "stylize", "shots", "--style", STYLE,
    "--workers", "1", "--threads", "1",
]  # fmt: skip


def begin(place: Path, *words: str) -> subprocess.Popen[bytes]:
    """Start painting in a process of its own and return when the first picture is there."""
    running = subprocess.Popen(
        [*COMMAND, *words], cwd=place, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert running.stdout is not None
    assert running.stdout.readline().strip()
    return running


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_after_a_kill_the_rest_is_painted_and_all_is_as_without(
    tmp_path: Path, shots: Path, contents: Contents
) -> None:
    with Image.open(shots / "a.png") as image:  # large enough to be killed in the middle
        image.resize((1400, 1100)).save(shots / "b.png")
    running = begin(tmp_path, "-o", "out")
    running.kill()
    running.communicate()
    before = {p: p.stat().st_mtime_ns for p in (tmp_path / "out").rglob("[!.]*") if p.is_file()}
    assert 0 < len(before) < 6
    resumed = [*COMMAND, "-o", "out", "--resume", "--report", "report.json"]
    subprocess.run(resumed, cwd=tmp_path, check=True, capture_output=True)
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["totals"]["skipped"] == len(before)
    assert all(path.stat().st_mtime_ns == time for path, time in before.items())
    subprocess.run([*COMMAND, "-o", "whole"], cwd=tmp_path, check=True, capture_output=True)
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT to send")
def test_an_interrupt_leaves_whole_files_a_report_and_a_hint(
    tmp_path: Path, shots: Path, contents: Contents
) -> None:
    for number in range(20):
        (shots / f"more-{number}.png").write_bytes((shots / "a.png").read_bytes())
    running = begin(tmp_path, "-o", "out", "--report", "report.json")
    running.send_signal(signal.SIGINT)
    begun = time.monotonic()
    _, shown = running.communicate()
    assert running.returncode == 130
    assert time.monotonic() - begun < 60
    assert b"--resume" in shown
    assert b"Traceback" not in shown
    assert not any(name.endswith(".part") for name in contents(tmp_path / "out"))
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["interrupted"] is True
    assert report["totals"]["left"] > 0


def test_the_report_tells_of_every_picture(tmp_path: Path, shots: Path) -> None:
    (shots / "bad.jpg").write_text("no picture")
    place = tmp_path / "report.json"
    words = ["--style", STYLE, "-o", str(tmp_path / "out"), "--report", str(place)]
    assert main(["stylize", str(shots), *words]) == 3
    report = json.loads(place.read_text())
    assert report["schema"] == "batch-report/1"
    assert report["totals"] == {"pictures": 7, "painted": 6, "skipped": 0, "failed": 1, "left": 0}
    assert report["settings"]["style"] == [STYLE]
    by_name = {Path(one["input"]).name: one for one in report["pictures"]}
    assert (by_name["a.png"]["width"], by_name["a.png"]["height"]) == (67, 51)
    assert by_name["bad.jpg"]["status"] == "failed"
    assert by_name["bad.jpg"]["error"]["class"] == "NotAPicture"


def test_a_report_that_cannot_be_written_is_refused_before_any_work(
    tmp_path: Path, shots: Path, contents: Contents
) -> None:
    words = ["--style", STYLE, "-o", str(tmp_path / "out"), "--report", str(tmp_path / "no/r.json")]
    assert main(["stylize", str(shots), *words]) == 4
    assert not contents(tmp_path / "out")
