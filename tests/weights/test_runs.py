"""A run folder tells what happens, and leaves what is not its own."""

import json
from dataclasses import asdict
from pathlib import Path

from impasto.device.progress import Progress
from impasto.weights.runs import RunFolder

EVENTS = [Progress("step", n, 3, 1.5, {"loss": 0.5}, "/tmp/preview.jpg") for n in (1, 2, 3)]


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
