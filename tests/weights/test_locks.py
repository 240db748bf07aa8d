"""A folder is held by one process at a time, but for who only looks."""

import sys
import threading
import time
from pathlib import Path

import pytest

from impasto.errors import OutputError, OutputExists
from impasto.weights import locks
from impasto.weights.locks import held, is_held

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows locks no folders")


def test_a_folder_is_held_once_and_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "PATIENCE", 0.0)
    place = tmp_path / "deep" / "data"
    assert not is_held(place)
    for _ in range(2):
        with held(place, "Wait."):
            assert is_held(place)
            with (
                pytest.raises(OutputExists, match=r"another process\. Wait\.$"),
                held(place, "Wait."),
            ):
                pass
    assert not is_held(place) and not list(place.iterdir())


def test_who_only_looks_stops_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "PATIENCE", 60.0)
    inside = threading.Event()

    def look() -> None:
        with held(tmp_path, "Wait."):
            inside.set()
            time.sleep(0.05)

    other = threading.Thread(target=look)
    other.start()
    assert inside.wait(60)
    with held(tmp_path, "Wait."):
        pass
    other.join()


def test_what_cannot_be_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", "utf-8")
    with (
        pytest.raises(OutputError, match=r'file" cannot be used.*Name another place\.$'),
        held(tmp_path / "file", "Wait."),
    ):
        pass
