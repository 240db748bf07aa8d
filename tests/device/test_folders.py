"""Folders follow the system's customs and the user's wishes, and are never created by asking."""

import sys
from pathlib import Path

import pytest

from impasto.device.folders import cache_folder, data_folder


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    names = ("IMPASTO_CACHE", "IMPASTO_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "LOCALAPPDATA")
    for name in names:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)


@pytest.mark.parametrize(
    ("system", "cache", "data"),
    [
        ("linux", ".cache/impasto", ".local/share/impasto"),
        ("darwin", "Library/Caches/impasto", "Library/Application Support/impasto"),
        ("win32", "AppData/Local/impasto/Cache", "AppData/Local/impasto/Data"),
    ],
)
def test_each_system_has_its_custom(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, system: str, cache: str, data: str
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    assert cache_folder() == tmp_path / cache
    assert data_folder() == tmp_path / data
    assert not any(tmp_path.iterdir())


def test_the_users_wish_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("IMPASTO_CACHE", str(tmp_path / "a"))
    monkeypatch.setenv("IMPASTO_HOME", str(tmp_path / "b"))
    assert (cache_folder(), data_folder()) == (tmp_path / "a", tmp_path / "b")


def test_xdg_folders_count_when_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    assert cache_folder() == tmp_path / "xdg" / "impasto"
    assert data_folder() == tmp_path / ".local/share/impasto"


def test_a_user_without_a_home_gets_a_folder_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", nobody)
    assert cache_folder().is_absolute()
    assert cache_folder() != data_folder() or sys.platform == "win32"
