"""``impasto tokens``."""

from pathlib import Path

import pytest

from impasto.cli.app import main
from impasto.serving.guards.tokens import FILE, Tokens


def test_tokens_are_made_listed_and_removed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = ["--folder", str(tmp_path)]
    assert main(["tokens", "add", "anna", "--a-day", "500", *folder]) == 0
    shown = capsys.readouterr()
    token = shown.out.strip()
    granted = Tokens(tmp_path / FILE).check(token)
    assert granted is not None and (granted.name, granted.a_day) == ("anna", 500)
    assert granted.secret in shown.err
    assert main(["tokens", "list", *folder]) == 0
    listed = capsys.readouterr().out
    assert "anna" in listed and "500 a day" in listed and token not in listed
    assert main(["tokens", "remove", "anna", *folder]) == 0
    assert Tokens(tmp_path / FILE).check(token) is None


def test_what_is_wrong_is_a_usage_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tokens", "add", "No Name", "--folder", str(tmp_path)]) == 2
    assert main(["tokens", "remove", "anna", "--folder", str(tmp_path)]) == 2
    assert 'There is no token "anna"' in capsys.readouterr().err
