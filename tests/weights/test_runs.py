"""A run folder tells what happens, and leaves what is not its own."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from impasto.device.progress import Progress
from impasto.errors import OutputError, OutputExists, UsageError
from impasto.weights.runs import RunFolder

EVENTS = [Progress("step", n, 3, 1.5, {"loss": 0.5}, "run/preview.jpg") for n in (1, 2, 3)]


def filled(path: Path) -> RunFolder:
    folder = RunFolder(path)
    (folder.state / "7").mkdir(parents=True)
    for place in (folder.state / "7" / "picture.npy", folder.preview, folder.settings):
        place.write_bytes(b"x")
    (path / "control.toml").write_text("stop = true\n", "utf-8")
    folder.log(EVENTS[0])
    return folder


def test_events_are_lines_of_json(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    for event in EVENTS:
        folder.log(event)
    lines = folder.events.read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [asdict(event) for event in EVENTS]


def test_nothing_is_left_when_it_is_removed(tmp_path: Path) -> None:
    folder = filled(tmp_path / "run")
    folder.remove()
    assert not folder.folder.exists()
    folder.remove()  # which is done already


def test_files_of_the_user_stay(tmp_path: Path) -> None:
    folder = filled(tmp_path / "run")
    (folder.folder / "notes.txt").write_text("mine", "utf-8")
    folder.remove()
    assert [path.name for path in folder.folder.iterdir()] == ["notes.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows locks no folders")
def test_only_one_process_works_in_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("impasto.weights.locks.PATIENCE", 0.0)
    run = RunFolder(tmp_path / "deep" / "run")
    for _ in range(2):
        with run.held(), pytest.raises(OutputExists, match="another process"), run.held():
            pass
    assert not list(run.folder.iterdir())


def test_what_cannot_be_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", "utf-8")
    with (
        pytest.raises(OutputError, match=r"file.*Name another place\.$"),
        RunFolder(tmp_path / "file").held(),
    ):
        pass


def test_what_cannot_be_deleted_is_named(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    run.control.mkdir()
    with pytest.raises(OutputError, match=r"control\.toml.*Name another place\.$"):
        run.clear()


def test_events_are_read_without_the_line_of_a_killed_run(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    assert folder.read_events() == []
    for event in EVENTS:
        folder.log(event)
    with folder.events.open("a", encoding="utf-8") as file:
        file.write('{"kind": "step", "st')
    assert folder.read_events() == [asdict(event) for event in EVENTS]


def test_a_run_that_continues_tells_later_steps_again(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    assert folder.rewind(2) == [] and not folder.events.exists()
    for event in EVENTS:
        folder.log(event)
    with folder.events.open("a", encoding="utf-8") as file:
        file.write('{"kind"')
    folder.rewind(2)
    folder.log(EVENTS[2])
    assert folder.read_events() == [asdict(event) for event in EVENTS]


def test_events_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.events.mkdir()
    with pytest.raises(UsageError, match=r"events\.jsonl"):
        folder.read_events()
