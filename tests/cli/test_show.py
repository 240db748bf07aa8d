"""A bar shows on a terminal only, and results reach stdout with or without it."""

import pytest

from impasto.cli import show
from impasto.cli.show import progress

Capture = pytest.CaptureFixture[str]


def work(total: int) -> None:
    """Do some work and say what came of it."""
    with progress(total, "Working") as running:
        for done in range(total):
            running.advance(done, "[note]")
            running.say(f"result {done}")


def test_without_a_terminal_only_results_show(capsys: Capture) -> None:
    work(2)
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("result 0\nresult 1\n", "")


def test_a_bar_on_the_terminal_leaves_a_piped_stdout_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    work(2)
    shown = capsys.readouterr()
    assert shown.out == "result 0\nresult 1\n"
    assert "Working" in shown.err
    assert "[note]" in shown.err


def test_one_piece_of_work_needs_no_bar(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    work(1)
    assert capsys.readouterr().err == ""


def test_a_log_gets_plain_lines(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setattr(show, "LOG_EVERY", 0)
    with progress(3, "Painting") as running:
        running.advance(1, "photo.jpg", 125.0)
    assert capsys.readouterr().err == "Painting: 1 of 3, 2 min 5 s left (photo.jpg)\n"
