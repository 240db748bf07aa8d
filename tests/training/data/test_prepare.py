"""Prepared data: the good pictures, reduced and split; the same bytes after any stop."""

import io
import json
import sys
import tarfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from impasto.device.progress import Progress
from impasto.errors import OutputError, OutputExists, TrainingError
from impasto.settings.dataset import PrepareSettings
from impasto.training.data.pictures import open_pictures
from impasto.training.data.prepare import prepare
from impasto.weights import locks

SETTINGS = PrepareSettings(side=96, shard=3, held_out=0.3)


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def same_place(tmp_path: Path, number: int) -> Path:
    """Return a folder that has the same name as others."""
    return tmp_path / str(number) / "data"


def test_good_pictures_are_reduced_split_and_described(bad: Path, tmp_path: Path) -> None:
    made = prepare([bad], tmp_path / "data", SETTINGS)
    every = open_pictures(tmp_path / "data")
    assert sum(made.counts.values()) == len(every) == len(made.checked.good()) == 9
    assert all(min(picture.shape[:2]) == 96 for picture in every)
    assert {"larger.png", "sea/3.jpg", "wrong.jpg"} <= set(every.names)
    assert "sea" in every.groups
    train, out = (open_pictures(tmp_path / "data", split) for split in ("train", "held-out"))
    assert (len(train), len(out)) == (made.counts["train"], made.counts["held-out"])
    assert not set(train.names) & set(out.names) and len(out) >= 1
    skipped = (tmp_path / "data" / "skipped.jsonl").read_text().splitlines()
    assert {json.loads(line)["file"] for line in skipped} == {
        "0.jpg", "copy.jpg", "cut.jpg", "flat.png", "page.jpg", "small.png"
    }  # fmt: skip


def test_pictures_survive_the_way_into_a_shard(good: Path, tmp_path: Path) -> None:
    prepare([good], tmp_path / "data", PrepareSettings(side=512))
    plain, packed = open_pictures(good), open_pictures(tmp_path / "data")
    assert plain.names == packed.names
    for one, other in zip(plain, packed, strict=True):
        assert one.shape == other.shape
        assert np.abs(one.astype(int) - other).mean() < 3


def test_the_split_is_that_of_the_folder(good: Path, tmp_path: Path) -> None:
    prepare([good], tmp_path / "data", SETTINGS)
    plain = open_pictures(good, "held-out", share=0.3)
    assert plain.names == open_pictures(tmp_path / "data", "held-out").names


def test_shards_hold_pictures_beside_records(good: Path, tmp_path: Path) -> None:
    prepare([good], tmp_path / "data", SETTINGS)
    with tarfile.open(tmp_path / "data" / "train-000000.tar") as tar:
        names = tar.getnames()
        record = json.load(tar.extractfile(names[1]))  # type: ignore[arg-type]
        image = Image.open(io.BytesIO(tar.extractfile(names[0]).read()))  # type: ignore[union-attr]
    assert [name.partition(".")[2] for name in names] == ["jpg", "json"] * 3
    assert record["file"].endswith(("jpg", "png", "webp")) and record["split"] == "train"
    assert min(image.size) == 96 and not image.getexif()


def test_the_long_side_may_be_meant_and_nothing_is_enlarged(good: Path, tmp_path: Path) -> None:
    prepare([good], tmp_path / "a", PrepareSettings(side=100, by="long"))
    assert {max(picture.shape) for picture in open_pictures(tmp_path / "a")} == {100}
    prepare([good], tmp_path / "b", PrepareSettings(side=4000))
    assert {picture.shape for picture in open_pictures(tmp_path / "b")} == {(144, 192, 3)}


@pytest.mark.parametrize("stop_at", [("look", 3), ("write", 1), ("write", 5), ("write", 8)])
def test_after_a_stop_it_goes_on_to_the_same_bytes(
    good: Path, tmp_path: Path, stop_at: tuple[str, int]
) -> None:
    whole, stopped = same_place(tmp_path, 1), same_place(tmp_path, 2)
    prepare([good], whole, SETTINGS)

    def stop(event: Progress) -> None:
        if (event.kind, event.step) == stop_at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare([good], stopped, SETTINGS, on_progress=stop)
    (stopped / ".train-000000.tar.1234.part").write_bytes(b"left by a kill")
    with pytest.raises(TrainingError, match="not finished"):
        open_pictures(stopped)
    made = prepare([good], stopped, SETTINGS)
    assert made.written <= made.shards and contents(stopped) == contents(whole)


@pytest.mark.parametrize("way", ["damaged", "short", "gone"])
def test_one_unreadable_shard_is_named_and_only_it_is_made_again(
    good: Path, tmp_path: Path, way: str
) -> None:
    prepare([good], tmp_path / "data", SETTINGS)
    before = contents(tmp_path / "data")
    shard = tmp_path / "data" / "train-000001.tar"
    data = bytearray(shard.read_bytes())
    data[1000:1010] = b"0123456789"
    shard.write_bytes(data if way == "damaged" else data[:2000])
    if way == "gone":
        shard.unlink()
    with pytest.raises(TrainingError, match=r"train-000001\.tar.*prepare again"):
        list(open_pictures(tmp_path / "data"))
    assert prepare([good], tmp_path / "data", SETTINGS).written == 1
    assert contents(tmp_path / "data") == before


def test_a_change_of_pictures_or_settings_makes_shards_anew(good: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    prepare([good], data, SETTINGS)
    first = open_pictures(data).fingerprint
    assert prepare([good], data, SETTINGS).written == 0
    smaller = PrepareSettings(side=80, shard=100, held_out=0.3)
    assert prepare([good], data, smaller).shards == len(list(data.glob("*.tar"))) == 2
    assert open_pictures(data).fingerprint != first


def test_the_output_may_lie_within_the_pictures(good: Path) -> None:
    prepare([good], good / "data", SETTINGS)
    assert prepare([good], good / "data", SETTINGS).written == 0


def test_a_folder_of_somebody_else_is_refused(good: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "letter.txt").touch()
    with pytest.raises(OutputError, match=r"letter\.txt"):
        prepare([good], tmp_path / "data", SETTINGS)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows locks no folders")
def test_a_folder_that_is_being_made_is_left_alone(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "PATIENCE", 0.0)
    data = tmp_path / "data"
    with locks.held(data, ""):
        (data / ".train-000000.tar.1234.part").write_bytes(b"being written")
        with pytest.raises(OutputExists, match="Wait until it is done"):
            prepare([good], data, SETTINGS)
        assert [path.suffix for path in data.iterdir()] == [".part"]
    assert prepare([good], data, SETTINGS).shards == 3


def test_nothing_good_or_a_single_picture_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    Image.new("RGB", (200, 200)).save(tmp_path / "photos" / "a.png")
    with pytest.raises(TrainingError, match="Not one of 1 pictures"):
        prepare([tmp_path / "photos"], tmp_path / "data", SETTINGS)


def test_a_full_disk_leaves_what_was_done(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> None:
        raise OutputError("no space left")

    monkeypatch.setattr("impasto.training.data.prepare.write_atomically", full)
    with pytest.raises(OutputError):
        prepare([good], tmp_path / "data", SETTINGS)
    monkeypatch.undo()
    assert prepare([good], tmp_path / "data", SETTINGS).written == 3


def test_a_mistyped_folder_leaves_the_data_whole(good: Path, tmp_path: Path) -> None:
    prepare([good], tmp_path / "data", SETTINGS)
    with pytest.raises(TrainingError, match="no folder"):
        prepare([good / "gone"], tmp_path / "data", SETTINGS)
    assert len(open_pictures(tmp_path / "data")) == 8
