"""A painted data set has pictures of the same sizes, and labels that are as true as before."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from impasto.batch.augment import augment, style_words
from impasto.cli.app import main
from impasto.errors import PictureError, UsageError
from impasto.methods.fast import FastStylizer
from impasto.settings.augment import AugmentSettings

Contents = Callable[[Path], dict[str, bytes]]

BOXES = "0 0.5 0.5 0.2 0.3\n1 0.1 0.2 0.05 1e-2\n"


@pytest.fixture
def yolo(tmp_path: Path, shots: Path) -> Path:
    """A YOLO data set; one picture shows nothing, and so has no label."""
    root = tmp_path / "yolo"
    for part, names in {"train": ("a.png", "b.png"), "val": ("c.jpg",)}.items():
        for kind in ("images", "labels"):
            (root / kind / part).mkdir(parents=True)
        for name in names:
            shutil.copy(shots / name, root / "images" / part / name)
    (root / "labels" / "train" / "a.txt").write_text(BOXES)
    (root / "labels" / "val" / "c.txt").write_text("")
    text = "path: /data/yolo\ntrain: images/train\nval: images/val\nnames: [cat, dog]\n"
    (root / "data.yaml").write_text(text)
    return root


@pytest.fixture
def coco(tmp_path: Path, shots: Path) -> Path:
    """A COCO data set of two parts, one of them with captions too."""
    root = tmp_path / "coco"
    (root / "annotations").mkdir(parents=True)
    for part, names in {"train2017": ("a.png", "b.png"), "val2017": ("c.jpg", "a.png")}.items():
        (root / part).mkdir()
        images, boxes = [], []
        for number, name in enumerate(names):
            shutil.copy(shots / name, root / part / name)
            with Image.open(root / part / name) as image:
                width, height = image.size
            image_id = 10 * number + (7 if part == "train2017" else 107)
            images.append(
                {"id": image_id, "file_name": name, "width": width, "height": height, "license": 1}
                | ({"coco_url": "http://x"} if number else {})
            )
            box = {"image_id": image_id, "category_id": 3, "bbox": [1, 2, 3, 4]}
            boxes += [{"id": 900 + 2 * number, **box}, {"id": 901 + 2 * number, **box}]
        data = {"info": {}, "images": images, "annotations": boxes, "categories": [{"id": 3}]}
        (root / "annotations" / f"instances_{part}.json").write_text(json.dumps(data))
        data["annotations"] = [{"id": 1, "image_id": images[0]["id"], "caption": "ä cat"}]
        (root / "annotations" / f"captions_{part}.json").write_text(json.dumps(data))
    return root


def sizes(root: Path) -> dict[str, tuple[int, int]]:
    """Return the size of every picture by its name within the folder."""
    found = {}
    for path in root.rglob("*"):
        if path.suffix in (".png", ".jpg", ".webp"):
            with Image.open(path) as image:
                found[path.relative_to(root).as_posix()] = image.size
    return found


def manifest(root: Path) -> list[dict[str, object]]:
    """Return the lines of a manifest."""
    return [json.loads(line) for line in (root / "manifest.jsonl").read_text().splitlines()]


def test_class_folders_stay_and_sizes_too(
    stylizer: FastStylizer, shots: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    report = augment(shots, out, stylizer=stylizer, copies=2)
    assert not report.failed
    painted, before = sizes(out), sizes(shots)
    assert len(painted) == 12
    lines = manifest(out)
    for line in lines:
        assert painted[str(line["output"])] == before[str(line["source"])]
        assert Path(str(line["output"])).parent == Path(str(line["source"])).parent
        assert 0.4 <= float(str(line["strength"])) <= 1
        assert line["licence"]
    assert {line["output"] for line in lines} == painted.keys()


def test_the_same_seed_gives_the_same_bytes_with_any_number_of_workers(
    stylizer: FastStylizer, shots: Path, tmp_path: Path, contents: Contents
) -> None:
    for name, workers, seed in (("one", 1, 0), ("two", 2, 0), ("other", 2, 1)):
        place = tmp_path / name
        augment(shots, place, stylizer=stylizer, copies=1, workers=workers, seed=seed)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    first, second = manifest(tmp_path / "one"), manifest(tmp_path / "other")
    assert [line["style"] for line in first] != [line["style"] for line in second]


def test_resuming_paints_the_rest_and_ends_the_same(
    stylizer: FastStylizer, shots: Path, tmp_path: Path, contents: Contents
) -> None:
    out = tmp_path / "out"
    augment(shots, out, stylizer=stylizer, copies=1)
    whole = contents(out)
    (out / "manifest.jsonl").unlink()
    (out / "a.painted-1.png").unlink()
    report = augment(shots, out, stylizer=stylizer, copies=1, resume=True)
    assert report.as_mapping()["totals"]["painted"] == 1
    assert contents(out) == whole


def test_yolo_labels_go_with_their_pictures(
    stylizer: FastStylizer, yolo: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    augment(yolo, out, stylizer=stylizer, copies=2)
    assert (out / "labels/train/a.painted-1.txt").read_text() == BOXES
    assert (out / "labels/train/a.painted-2.txt").read_text() == BOXES
    assert (out / "labels/val/c.painted-1.txt").read_text() == ""
    assert not (out / "labels/train/b.painted-1.txt").exists()
    assert (out / "images/train/b.painted-1.png").is_file()
    assert not list(out.rglob("a.png"))
    text = (out / "data.yaml").read_text()
    assert "path:" not in text
    assert "train: images/train\nval: images/val\nnames: [cat, dog]\n" in text


def test_originals_and_their_labels_are_kept_on_request(
    stylizer: FastStylizer, yolo: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    augment(yolo, out, stylizer=stylizer, copies=1, keep_originals=True)
    assert (out / "labels/train/a.txt").read_text() == BOXES
    place = Path("images/train/a.png")
    assert (out / place).read_bytes() == (yolo / place).read_bytes()


def test_yolo_side_by_side_is_known_and_captions_are_not_boxes(
    stylizer: FastStylizer, shots: Path, tmp_path: Path
) -> None:
    (shots / "a.txt").write_text("a photo of 1 cat")
    (shots / "trip" / "d.txt").write_text(BOXES)
    augment(shots, tmp_path / "captions", stylizer=stylizer, copies=1)
    assert not (tmp_path / "captions" / "a.painted-1.txt").exists()
    (shots / "a.txt").write_text(BOXES)
    augment(shots, tmp_path / "boxes", stylizer=stylizer, copies=1)
    assert (tmp_path / "boxes" / "a.painted-1.txt").read_text() == BOXES
    assert (tmp_path / "boxes" / "trip" / "d.painted-1.txt").read_text() == BOXES


@pytest.mark.parametrize("keep", [False, True])
def test_coco_entries_and_annotations_are_made_for_every_copy(
    stylizer: FastStylizer, coco: Path, tmp_path: Path, keep: bool
) -> None:
    out = tmp_path / "out"
    assert not augment(coco, out, stylizer=stylizer, copies=2, keep_originals=keep).failed
    ids: dict[str, set[int]] = {}
    for file in sorted((coco / "annotations").iterdir()):
        before, after = (
            json.loads(file.read_text()),
            json.loads((out / "annotations" / file.name).read_text()),
        )
        factor = 3 if keep else 2
        assert len(after["images"]) == factor * len(before["images"])
        assert len(after["annotations"]) == factor * len(before["annotations"])
        assert after["categories"] == before["categories"]
        known = {image["id"] for image in after["images"]}
        assert len(known) == len(after["images"])
        assert len({one["id"] for one in after["annotations"]}) == len(after["annotations"])
        assert {one["image_id"] for one in after["annotations"]} <= known
        part = file.stem.partition("_")[2]
        for image in after["images"]:
            with Image.open(out / part / image["file_name"]) as picture:
                assert picture.size == (image["width"], image["height"])
            assert keep or "coco_url" not in image
            ids.setdefault(f"{part}/{image['file_name']}", set()).add(image["id"])
        if file.stem.startswith("instances"):
            assert all(one["bbox"] == [1, 2, 3, 4] for one in after["annotations"])
    assert all(len(one) == 1 for one in ids.values())  # the same in every file
    assert len(set.union(*ids.values())) == len(ids)


def test_labels_of_pixels_as_stored_are_refused_and_upright_ones_are_true(
    stylizer: FastStylizer, coco: Path, tmp_path: Path
) -> None:
    place = coco / "val2017" / "c.jpg"
    with Image.open(place) as image:
        exif = Image.Exif()
        exif[0x0112] = 6
        image.transpose(Image.Transpose.ROTATE_90).save(place, exif=exif)  # upright as before
    assert not augment(coco, tmp_path / "upright", stylizer=stylizer, copies=1).failed
    with Image.open(place) as image:
        image.save(place)  # the same pixels without the note that they lie
    report = augment(coco, tmp_path / "stored", stylizer=stylizer, copies=1)
    (error,) = report.failed.values()
    assert isinstance(error, PictureError)
    assert "upright" in str(error)
    text = (tmp_path / "stored/annotations/instances_val2017.json").read_text()
    assert [one["file_name"] for one in json.loads(text)["images"]] == ["a.painted-1.png"]


def test_pictures_that_coco_names_must_be_there_once(coco: Path, tmp_path: Path) -> None:
    (coco / "val2017" / "c.jpg").unlink()
    with pytest.raises(UsageError, match=r"c\.jpg.*is not in the data set"):
        augment(coco, tmp_path / "out")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["gone", "-o", "out"], "not a folder"),
        (["shots", "-o", "shots"], "is the data set itself"),
        (["shots", "-o", "out", "--labels", "coco"], "no JSON file"),
        (["shots", "-o", "out", "--labels", "yolo"], "text file of boxes"),
        (["shots", "-o", "out", "--styles", "stary-night"], 'Did you mean "starry-night"?'),
        (["shots", "-o", "out", "--group", "impresionism"], 'Did you mean "impressionism"?'),
        (["shots", "-o", "out", "--strength", "3"], "--strength"),
    ],
)
def test_what_cannot_be_is_said_before_any_work(
    shots: Path, words: list[str], message: str,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(shots.parent)
    assert main(["augment", *words]) == 2
    assert message in capsys.readouterr().err
    assert not (shots.parent / "out").exists()


def test_a_list_of_pictures_is_refused(yolo: Path, tmp_path: Path) -> None:
    (yolo / "data.yaml").write_text("train: train.txt\nnames: [cat]\n")
    with pytest.raises(UsageError, match=r"train\.txt"):
        augment(yolo, tmp_path / "out")


def test_styles_come_from_names_and_schools() -> None:
    chosen = style_words(AugmentSettings(styles=("great-wave,the-scream",), group=("Ukiyo-e",)))
    assert chosen[:2] == ["great-wave", "the-scream"]
    assert {"evening-snow", "sharaku-actor"} & set(chosen)
    assert len(chosen) == len(set(chosen))
    assert len(style_words(AugmentSettings())) > 50


def test_the_command_paints_writes_a_report_and_resumes(
    shots: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(shots.parent)
    words = ["augment", "shots", "-o", "out", "--copies", "1", "--styles", "great-wave"]
    assert main(words) == 0
    assert len(capsys.readouterr().out.splitlines()) == 6
    assert main(words) == 4
    assert main([*words, "--resume", "--report", "report.json"]) == 0
    assert "6 of 6 were finished already" in capsys.readouterr().err
    report = json.loads((shots.parent / "report.json").read_text())
    assert report["totals"]["skipped"] == 6
    assert np.all([one["width"] for one in report["pictures"]])
