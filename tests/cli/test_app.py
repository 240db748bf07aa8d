"""Every error of the command is one line on stderr and an exit code; a pipe may close early."""

import errno
import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from impasto import __version__
from impasto.__main__ import run
from impasto.cli import app, stylize
from impasto.errors import Interrupted


def fail_with(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Let the work behind `impasto stylize` fail."""

    def paint(*_: object) -> None:
        raise error

    monkeypatch.setattr(stylize, "paint", paint)


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["--version"]) == 0
    assert capsys.readouterr().out == f"impasto {__version__}\n"


@pytest.mark.parametrize("words", [[], ["--help"], ["train"], ["stylize", "--help"]])
def test_help_goes_to_stdout(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(words) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("Usage: impasto")
    assert shown.err == ""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["stylise", "x.jpg"], "No such command 'stylise'. Did you mean 'stylize', 'styles'?"),
        (["stylize", "x.jpg", "--stile", "a-b"], "No such option: --stile"),
        (["stylize"], "Missing argument 'PICTURE'"),
        (["stylize", "x.jpg"], "Which style?"),
        (["stylize", "x.jpg", "--style", "a-b", "--strength", "3"], "--strength must be between 0"),
        (["stylize", "x.jpg", "--style", "a-b", "--size", "big"], "--size must be a whole number"),
        (["stylize", "x.jpg", "--style", "a-b", "--engine", "openvinno"], 'mean "openvino"?'),
        (["train", "arbitrary"], "Missing option '--output'"),
        (["styles", "show"], "Missing argument 'NAME'"),
    ],
)
def test_a_wrong_command_line_is_one_line(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert app.main(words) == 2
    shown = capsys.readouterr()
    assert shown.err.startswith("impasto: error: ")
    assert message in shown.err
    assert shown.err.count("\n") == 1
    assert shown.out == ""


def test_stopping_is_quiet(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fail_with(monkeypatch, KeyboardInterrupt())
    assert app.main(["stylize", "x.jpg", "--style", "a-b"]) == Interrupted.exit_code
    assert capsys.readouterr().err == "impasto: stopped\n"


def test_a_bug_is_one_line_that_names_its_report(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fail_with(monkeypatch, ZeroDivisionError("of nothing"))
    assert app.main(["stylize", "x.jpg", "--style", "a-b"]) == 1
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    assert "ZeroDivisionError: of nothing" in line
    report = Path(line.rpartition(" file ")[2].strip()).read_text(encoding="utf-8")
    assert "impasto stylize x.jpg --style a-b" in report
    assert "Traceback" in report


def test_debugging_shows_the_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("IMPASTO_DEBUG", "1")
    fail_with(monkeypatch, ZeroDivisionError("of nothing"))
    assert app.main(["stylize", "x.jpg", "--style", "a-b"]) == 1
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every name is text")
def test_names_that_are_no_text_are_printed(tmp_path: Path) -> None:
    run = tmp_path / os.fsdecode(b"caf\xe9.run")
    (run / "state").mkdir(parents=True)
    (run / "settings.toml").write_text('recipe = "style"\n', "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "impasto", "runs", str(tmp_path)],
        env={**os.environ, "PYTHONIOENCODING": "utf-8:strict"},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert r"caf\udce9.run" in done.stdout


def test_a_closed_pipe_is_quiet() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "impasto", "--help"],
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(writer)
    assert done.returncode == 1
    assert done.stderr == ""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a disk that is always full")
def test_a_full_disk_behind_stdout_is_one_line() -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "impasto", "--help"], stdout=full, stderr=subprocess.PIPE
        )
    assert done.returncode == 4
    assert done.stderr == b"impasto: error: What is done cannot be printed: " + (
        os.strerror(errno.ENOSPC).encode() + b".\n"
    )


@pytest.mark.skipif(os.name == "nt", reason="closes a descriptor as shells of Unix do")
@pytest.mark.parametrize(
    ("words", "code"), [("--help", 0), ("stylize x.png --style great-wave -o -", 2)]
)
def test_stdout_may_be_closed(words: str, code: int) -> None:
    command = f"exec {shlex.quote(sys.executable)} -m impasto {words} >&-"
    done = subprocess.run(["sh", "-c", command], stderr=subprocess.PIPE, text=True)
    assert done.returncode == code
    assert done.stderr.count("\n") == (code != 0)
    assert "bug" not in done.stderr


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_a_request_to_end_is_heard_also_while_loading(
    sent: signal.Signals, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def main() -> int:
        signal.raise_signal(sent)
        return 0

    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(app, "main", main)
    try:
        assert run() == Interrupted.exit_code
    finally:
        signal.signal(signal.SIGTERM, before)
    assert capsys.readouterr().err == "impasto: stopped\n"
