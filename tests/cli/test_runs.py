"""`impasto runs`: a list of runs, one with its curves, and JSON; torch is not loaded."""

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

from impasto.cli.app import main
from impasto.device.progress import Progress
from impasto.weights.runs import RunFolder

Capture = pytest.CaptureFixture[str]
WORDS = "step 20: The content is lost. Raise content_weight."


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A training of forty steps with one verdict."""
    folder = RunFolder(tmp_path / "starry.run")
    folder.state.mkdir(parents=True)
    folder.settings.write_text('recipe = "style"\n', "utf-8")
    for step in range(10, 50, 10):
        values = {"loss": 40 / step, "pictures_per_second": 12.5, "waiting": 0.02}
        folder.log(Progress("train", step, 80, 65.0, values))
        folder.log(Progress("held-out", step, 80, 65.0, {"loss": 20 / step, "clipped": 0.0}))
    folder.log(Progress("verdict", 40, 80, 65.0, {"content lost": 1.0}, words=WORDS))
    return folder.folder


def test_runs_are_listed(run: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(run.parent)
    assert main(["runs"]) == 0
    head, line = capsys.readouterr().out.splitlines()
    assert head.split()[:4] == ["run", "recipe", "step", "state"]
    assert line.startswith("starry.run  style   40 of 80  stopped")
    assert line.endswith("content lost")


def test_one_run_is_shown(run: Path, capsys: Capture) -> None:
    assert main(["runs", str(run)]) == 0
    out = capsys.readouterr().out
    assert "style, step 40 of 80, stopped" in out
    assert "training  loss  █▅▂▁  4 → 1" in out
    assert "12.5 pictures per second, 2% of the time" in out
    assert "40    0.5    0\n" in out and WORDS in out


def test_a_run_at_work_tells_the_time_left(run: Path, capsys: Capture) -> None:
    with RunFolder(run).held():
        assert main(["runs", str(run)]) == 0
    if sys.platform != "win32":
        assert "running, 1 min 5 s left" in capsys.readouterr().out


def test_json_for_programs(run: Path, capsys: Capture) -> None:
    assert main(["runs", str(run), "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert told["folder"] == str(run) and told["step"] == 40
    assert told["held_out"]["loss"] == 0.5 and told["verdicts"] == {"content lost": WORDS}


def test_what_is_no_number_is_null_in_json(run: Path, capsys: Capture) -> None:
    RunFolder(run).log(Progress("train", 50, 80, 0.0, {"loss": math.nan, "style": math.inf}))
    assert main(["runs", str(run), "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert told["values"] == {"loss": None, "style": None}


def test_where_no_runs_are_it_is_said(tmp_path: Path, capsys: Capture) -> None:
    assert main(["runs", str(tmp_path)]) == 2
    assert "impasto train" in capsys.readouterr().err
    assert main(["runs", str(tmp_path / "gone")]) == 2
    assert "gone" in capsys.readouterr().err


def test_torch_is_not_loaded(run: Path) -> None:
    code = f"import sys; from impasto.cli.app import main; main(['runs', {str(run)!r}]); "
    code += "sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0
