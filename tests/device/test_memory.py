"""How much memory is left, by what Linux writes of it."""

from pathlib import Path

import pytest

from impasto.device.memory import headroom


def test_the_machine_tells(tmp_path: Path) -> None:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal: 1000 kB\nMemFree: 10 kB\nMemAvailable: 250 kB\n\n")
    assert headroom(meminfo, tmp_path) == 0.25


def test_a_container_may_have_less(tmp_path: Path) -> None:
    (tmp_path / "memory.max").write_text("1000\n")
    (tmp_path / "memory.current").write_text("950\n")
    (tmp_path / "memory.stat").write_text("anon 600\ninactive_file 50\n")
    assert headroom(tmp_path / "none", tmp_path) == pytest.approx(0.1)


@pytest.mark.parametrize("text", ["", "max\n", "MemTotal: 1000 kB\n"])
def test_what_is_not_told_is_not_known(tmp_path: Path, text: str) -> None:
    for name in ("meminfo", "memory.max"):
        (tmp_path / name).write_text(text)
    assert headroom(tmp_path / "meminfo", tmp_path) is None
