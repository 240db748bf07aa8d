"""Pictures of a folder: found at any depth, decoded upright, kept while they fit."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from impasto.errors import PictureError, TrainingError
from impasto.training.data import pictures as module
from impasto.training.data.pictures import open_pictures


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twelve pictures of noise, two of them in a folder of their own."""
    random = np.random.default_rng(0)
    top = tmp_path / "photos"
    (top / "sea").mkdir(parents=True)
    for i in range(12):
        pixels = random.integers(0, 256, (20, 30, 3)).astype(np.uint8)
        name = f"sea/{i:02}.png" if i < 2 else f"land_{i:02}.png"
        Image.fromarray(pixels).save(top / name)
    (top / "notes.txt").write_text("no picture")
    return top


def test_all_pictures_are_found_in_order_with_their_groups(folder: Path) -> None:
    found = open_pictures(folder)
    assert len(found) == 12
    assert list(found.names) == sorted(found.names)
    assert sorted(set(found.groups)) == ["land", "sea"]
    whole = np.asarray(Image.open(folder / found.names[0]))
    assert found[0].dtype == np.uint8 and (found[0] == whole).all()
    assert len(found[2:5]) == 3 and (found[-1] == found[11]).all()


def test_splits_part_the_pictures(folder: Path) -> None:
    train, out = (open_pictures(folder, split, share=0.3) for split in ("train", "held-out"))
    assert set(train.names) | set(out.names) == set(open_pictures(folder).names)
    assert not set(train.names) & set(out.names) and len(out) >= 1


def test_the_fingerprint_tells_sets_apart(folder: Path) -> None:
    before = open_pictures(folder).fingerprint
    assert open_pictures(folder).fingerprint == before
    assert open_pictures(folder, "train").fingerprint != before
    Image.new("RGB", (20, 20)).save(folder / "land_02.png")
    assert open_pictures(folder).fingerprint != before


def test_large_pictures_are_reduced_and_turned_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (1536, 1024), "red").save(tmp_path / "a.jpg", exif=exif)
    assert open_pictures(tmp_path)[0].shape == (768, 512, 3)


@pytest.mark.parametrize("room", [0, 4000, 10**9])
def test_memory_is_bounded_and_changes_nothing(
    folder: Path, room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MEMORY", room)
    found = open_pictures(folder)
    first = [one.copy() for one in found]
    assert all((one == again).all() for one, again in zip(first, found, strict=True))
    assert (found[0] is found[0]) is (room >= 1800)


def test_a_broken_picture_is_named_with_the_command_that_finds_all(folder: Path) -> None:
    path = folder / "land_05.png"
    path.write_bytes(path.read_bytes()[:200])
    found = open_pictures(folder)
    with pytest.raises(PictureError, match=r"land_05.*impasto dataset check"):
        found[found.names.index("land_05.png")]


def test_an_empty_or_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="holds no pictures"):
        open_pictures(tmp_path)
    with pytest.raises(TrainingError, match="no folder"):
        open_pictures(tmp_path / "gone")
