"""Labels are found where YOLO looks for them."""

from pathlib import Path

import pytest

from impasto.batch.copies import Copy
from impasto.batch.yolo import Yolo, described

BOX = "0 0.5 0.5 0.2 0.3"


def write(path: Path, text: str = "") -> None:
    """Write a text, with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.mark.parametrize(
    ("picture", "label"),
    [
        ("images/a.jpg", "labels/a.txt"),
        ("train/images/a.jpg", "train/labels/a.txt"),
        ("images/train/deep/a.jpg", "labels/train/deep/a.txt"),
        ("images/images/a.jpg", "images/labels/a.txt"),
        ("a.b.jpg", "a.b.txt"),
        ("images/a.jpg", "images/a.txt"),
    ],
)
def test_labels_lie_apart_or_beside(tmp_path: Path, picture: str, label: str) -> None:
    root, out = tmp_path / "root", tmp_path / "out"
    write(root / picture)
    write(root / label, BOX)
    layout = Yolo(root, ())
    assert layout.found()
    source = Path(picture)
    copy = Copy(source, source.with_name(f"{source.stem}.painted-1.jpg"), 1, "s", 1)
    layout.write(out, [copy], keep_originals=False)
    assert [path.relative_to(out) for path in out.rglob("*.txt")] == [
        Path(label).with_name(f"{source.stem}.painted-1.txt")
    ]


@pytest.mark.parametrize(
    ("text", "boxes"),
    [
        (BOX, True),
        ("", True),
        ("3 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8\n\n", True),  # a polygon
        ("0 1e-3 .5 0.2 0.3", True),
        ("a photo of a cat", False),
        ("2 cats", False),
    ],
)
def test_boxes_are_told_from_other_texts(tmp_path: Path, text: str, boxes: bool) -> None:
    write(tmp_path / "a.jpg")
    write(tmp_path / "a.txt", text)
    assert Yolo(tmp_path, ()).found() is boxes


def test_a_description_no_longer_leads_to_the_unpainted_pictures(tmp_path: Path) -> None:
    place = tmp_path / "data.yaml"
    place.write_text("# mine\npath: ../x\ntrain: images\nnames:\n  0: path\n")
    assert described(place) == b"# mine\n\ntrain: images\nnames:\n  0: path\n"
