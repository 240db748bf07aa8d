"""``impasto serve`` and ``impasto studio``: what they refuse before anything starts."""

import sys
from pathlib import Path

import pytest

from impasto.cli.app import main
from impasto.serving.running import listening


@pytest.mark.parametrize("command", ["serve", "studio"])
def test_a_port_that_is_taken_is_one_line(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with listening("127.0.0.1", 0) as door:
        port = str(door.getsockname()[1])
        assert main([command, "--port", port, "--folder", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert (
        told.startswith("impasto: error: Cannot listen on 127.0.0.1, port") and "--port 0" in told
    )


def test_variables_count_where_nothing_is_typed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("IMPASTO_HOST", "0.0.0.0")
    monkeypatch.setenv("IMPASTO_FOLDER", str(tmp_path))
    monkeypatch.delenv("IMPASTO_TOKEN", raising=False)
    assert main(["serve"]) == 2
    assert "On 0.0.0.0 other machines can reach the server" in capsys.readouterr().err
    monkeypatch.setenv("IMPASTO_PORT", "many")
    assert main(["serve"]) == 2
    assert "--port must be" in capsys.readouterr().err


def test_a_missing_extra_is_told_with_its_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [one for one in sys.modules if one.split(".")[0] in ("fastapi", "uvicorn")]:
        monkeypatch.delitem(sys.modules, name)
    for name in [one for one in sys.modules if one.startswith("impasto.serving.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "fastapi", None)
    assert main(["serve", "--folder", str(tmp_path)]) == 6
    assert 'pip install "impasto[serve]"' in capsys.readouterr().err
