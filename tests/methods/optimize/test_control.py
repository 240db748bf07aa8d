"""What is said to a run arrives; what cannot be understood changes nothing."""

import os
from pathlib import Path

import pytest

from impasto.errors import SettingError
from impasto.methods.optimize.control import Control, Watch

SAID = [Control(), Control(strength=70.0), Control(pause=True), Control(strength=0.0, stop=True)]


@pytest.mark.parametrize("control", SAID)
def test_what_is_said_arrives(tmp_path: Path, control: Control) -> None:
    control.write(tmp_path)
    assert Watch(tmp_path).look() == control


def test_nothing_is_wanted_without_a_folder_or_a_file(tmp_path: Path) -> None:
    assert Watch(None).look() == Watch(tmp_path).look() == Control()


def test_news_are_seen(tmp_path: Path) -> None:
    watch = Watch(tmp_path)
    for number, control in enumerate(SAID, 1):
        control.write(tmp_path)
        os.utime(tmp_path / "control.toml", ns=(number, number))  # a clock may be coarse
        assert watch.look() == control
        assert watch.look() == control
    (tmp_path / "control.toml").unlink()
    assert watch.look() == SAID[-1]


@pytest.mark.parametrize(
    "text", ["strength = 700", 'strength = "all"', "pause = = 1", "\udcff", "stop"]
)
def test_nonsense_changes_nothing(tmp_path: Path, text: str) -> None:
    watch = Watch(tmp_path)
    Control(strength=30).write(tmp_path)
    os.utime(tmp_path / "control.toml", ns=(1, 1))
    watch.look()
    (tmp_path / "control.toml").write_text(text, "utf-8", "surrogateescape")
    assert watch.look() == Control(strength=30)


def test_only_true_is_true(tmp_path: Path) -> None:
    (tmp_path / "control.toml").write_text('stop = "no"\npause = 1\n', "utf-8")
    assert Watch(tmp_path).look() == Control()


def test_a_strength_out_of_range_is_refused() -> None:
    with pytest.raises(SettingError, match="between 0 and 100"):
        Control(strength=120)
