"""Pictures are found wherever annotations may mean; other JSON files are left alone."""

import json
from pathlib import Path
from typing import Any

import pytest

from impasto.batch.coco import Coco
from impasto.batch.copies import Copy
from impasto.errors import UsageError


def annotate(place: Path, *names: str, **more: Any) -> None:
    """Write a file of annotations with an image of each name and a box in it."""
    images = [{"id": n + 1, "file_name": name} for n, name in enumerate(names)]
    boxes = [{"id": n + 1, "image_id": n + 1} for n in range(len(names))]
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps({"images": images, "annotations": boxes, **more}))


def add(root: Path, *names: str) -> None:
    """Put pictures into a folder."""
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()


@pytest.mark.parametrize(
    ("picture", "file", "name"),
    [
        ("train/a.jpg", "train/_annotations.coco.json", "a.jpg"),
        ("images/train/a.jpg", "annotations/any.json", "train/a.jpg"),
        ("a.jpg", "labels.json", "a.jpg"),
        ("train2017/a.jpg", "annotations/instances_train2017.json", "a.jpg"),
    ],
)
def test_a_picture_is_found(tmp_path: Path, picture: str, file: str, name: str) -> None:
    add(tmp_path, picture, "elsewhere/train2017x/b.jpg", "val2017/a.jpg" if "2017" in file else "c")
    annotate(tmp_path / file, name)
    layout = Coco(tmp_path, ())
    assert layout.found()
    assert layout.pictures == [Path(picture)]


@pytest.mark.parametrize(("name", "message"), [("a.jpg", "several folders"), ("x.jpg", "not in")])
def test_a_picture_in_doubt_is_refused(tmp_path: Path, name: str, message: str) -> None:
    add(tmp_path, "one/a.jpg", "two/a.jpg")
    annotate(tmp_path / "annotations" / "all.json", name)
    with pytest.raises(UsageError, match=message):
        Coco(tmp_path, ())


@pytest.mark.parametrize("text", ["{}", "[1]", "no json", '{"images": [3]}', '{"images": 3}'])
def test_other_json_files_are_no_annotations(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.json").write_text(text)
    assert not Coco(tmp_path, ()).found()


@pytest.mark.parametrize("labels", [None, {}, [3], [{"id": 1}], [{"image_id": [1]}]])
def test_annotations_that_could_not_be_kept_are_refused(tmp_path: Path, labels: object) -> None:
    add(tmp_path, "a.jpg")
    annotate(tmp_path / "labels.json", "a.jpg", annotations=labels)
    with pytest.raises(UsageError, match="image_id"):
        Coco(tmp_path, ())


def test_everything_else_in_a_file_is_kept_in_its_order(tmp_path: Path) -> None:
    root, out = tmp_path / "root", tmp_path / "out"
    add(root, "a.jpg", "b.jpg")
    more = {"licenses": [{"name": "ä\ud83d"}], "categories": [{"id": 3}], "info": None}
    annotate(root / "labels.json", "a.jpg", "b.jpg", **more)
    copies = [Copy(Path("a.jpg"), Path(f"a.painted-{n}.jpg"), n, "s", 1) for n in (1, 2)]
    Coco(root, ()).write(out, copies, keep_originals=False)
    told = json.loads((out / "labels.json").read_text())
    assert list(told) == ["images", "annotations", "licenses", "categories", "info"]
    assert {key: told[key] for key in more} == more
    assert told["images"] == [
        {"id": 3, "file_name": "a.painted-1.jpg"},
        {"id": 4, "file_name": "a.painted-2.jpg"},
    ]
    assert told["annotations"] == [{"id": 3, "image_id": 3}, {"id": 4, "image_id": 4}]


def test_no_copies_make_empty_lists(tmp_path: Path) -> None:
    root, out = tmp_path / "root", tmp_path / "out"
    add(root, "a.jpg")
    annotate(root / "labels.json", "a.jpg")
    Coco(root, ()).write(out, [], keep_originals=False)
    assert json.loads((out / "labels.json").read_text()) == {"images": [], "annotations": []}
