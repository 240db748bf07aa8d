"""The layout that fits first is taken; a named one must fit."""

import json
from pathlib import Path

import pytest

from impasto.batch.layouts import open_layout
from impasto.errors import UsageError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of one class with one picture."""
    (tmp_path / "cat").mkdir()
    (tmp_path / "cat" / "a.jpg").touch()
    return tmp_path


def test_labels_decide_the_layout(folder: Path) -> None:
    assert open_layout(folder, "auto").name == "imagefolder"
    (folder / "cat" / "a.txt").write_text("0 0.1 0.1 0.1 0.1")
    assert open_layout(folder, "auto").name == "yolo"
    text = json.dumps({"images": [{"id": 1, "file_name": "cat/a.jpg"}], "annotations": []})
    (folder / "labels.json").write_text(text)
    assert open_layout(folder, "auto").name == "coco"
    assert open_layout(folder, "imagefolder").name == "imagefolder"


@pytest.mark.parametrize("labels", ["coco", "yolo"])
def test_a_named_layout_must_be_there(folder: Path, labels: str) -> None:
    with pytest.raises(UsageError, match="--labels"):
        open_layout(folder, labels)


def test_a_folder_without_pictures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no picture"):
        open_layout(tmp_path, "auto")


def test_what_is_skipped_is_no_part_of_it(folder: Path) -> None:
    (folder / "out").mkdir()
    (folder / "out" / "b.jpg").touch()
    assert open_layout(folder, "auto", [folder / "out"]).pictures == [Path("cat/a.jpg")]
