"""`impasto doctor` says what works, what is missing, and how to mend it."""

import importlib.util
from pathlib import Path

import pytest

from impasto.cli import checks
from impasto.cli.app import main
from impasto.styles.gallery import names
from impasto.version import __version__

Capture = pytest.CaptureFixture[str]


def test_a_whole_machine_can_paint(capsys: Capture) -> None:
    assert main(["doctor"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["ok", "impasto:", __version__]
    assert lines[-1] == "Impasto can paint here."
    (styles,) = (line for line in lines if "styles:" in line and "own styles:" not in line)
    assert f"styles:      {len(names())}," in styles


def test_a_missing_model_is_broken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Capture
) -> None:
    monkeypatch.setattr(checks, "SHIPPED", tmp_path)
    assert main(["doctor"]) == 1
    shown = capsys.readouterr().out
    assert f"BROKEN  painter:     {tmp_path} is not a model folder" in shown
    assert f"fix: {checks.REINSTALL}" in shown


def test_an_engine_that_is_not_installed_comes_with_its_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert checks.engine("torch").fix == 'pip install "impasto[train]"'
    assert checks.engine("torch").optional
    assert checks.engine("openvino").fix == "pip install openvino"
    assert not checks.engine("openvino").optional


def test_optimizing_needs_torch_and_an_encoder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("impasto.features.embedded.SHIPPED", tmp_path / "gone")
    missing = checks.optimization()
    assert not missing.ok and missing.optional and "gone" in missing.text
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    missing = checks.optimization()
    assert not missing.ok and missing.fix == 'pip install "impasto[train]"'


def test_libvips_is_optional(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("impasto.images.vips.installed", lambda: False)
    missing = checks.large_files()
    assert not missing.ok and missing.optional and missing.fix == 'pip install "impasto[huge]"'


def test_serving_needs_all_of_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.serving().ok
    found = importlib.util.find_spec
    monkeypatch.setattr(
        "importlib.util.find_spec", lambda name: None if name == "uvicorn" else found(name)
    )
    missing = checks.serving()
    assert not missing.ok and missing.optional and missing.fix == 'pip install "impasto[serve]"'
    assert missing.text.startswith("uvicorn not installed")


def test_folders_are_looked_at_and_not_made(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b"
    assert checks.folder("cache", path).text.endswith("made when needed")
    assert not path.exists()
    assert checks.folder("cache", tmp_path).text.endswith(", writable")
    (tmp_path / "file").touch()
    blocked = checks.folder("cache", tmp_path / "file" / "b")
    assert not blocked.ok and blocked.optional
    assert blocked.fix.startswith("export IMPASTO_CACHE=")
