"""Folders are walked to the bottom, once, and what we painted is not taken for a photo."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from impasto.batch.folders import is_painted, pictures_in
from impasto.images.folders import files_in
from impasto.provenance.disclosure import disclosure


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with pictures at two depths, hidden things, and a text."""
    top = tmp_path / "top"
    for name in ("b.jpg", "a/c.PNG", ".hidden.jpg", ".cache/d.jpg", "notes.txt"):
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return top


def paint(path: Path) -> None:
    """Write a picture that says that Impasto painted it."""
    signed = disclosure({}, version="1")
    Image.fromarray(np.zeros((8, 8, 3), np.uint8)).save(path, xmp=signed)


def names(top: Path, *skip: Path) -> list[str]:
    """Return the pictures of a folder by their names within it."""
    return [path.relative_to(top).as_posix() for path in pictures_in(top, skip)]


def test_pictures_at_any_depth_but_nothing_hidden(folder: Path) -> None:
    assert names(folder) == ["b.jpg", "a/c.PNG"]
    assert "notes.txt" in {path.name for path in files_in(folder)}


def test_a_skipped_folder_is_not_entered_but_the_top_is(folder: Path) -> None:
    assert names(folder, folder / "a") == ["b.jpg"]
    assert names(folder, folder) == ["b.jpg", "a/c.PNG"]


def test_links_in_a_circle_end(folder: Path) -> None:
    (folder / "a" / "up").symlink_to(folder, target_is_directory=True)
    (folder / "A-link").symlink_to(folder / "a", target_is_directory=True)
    assert names(folder) == ["b.jpg", "a/c.PNG"]


def test_a_linked_folder_from_elsewhere_is_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "e.jpg").touch()
    (folder / "link").symlink_to(tmp_path / "other", target_is_directory=True)
    assert names(folder) == ["b.jpg", "a/c.PNG", "link/e.jpg"]


def test_own_paintings_are_known_by_what_they_disclose(folder: Path) -> None:
    paint(folder / "b.any-style.jpg")
    Image.fromarray(np.zeros((8, 8, 3), np.uint8)).save(folder / "2024.01.jpg")
    assert is_painted(folder / "b.any-style.jpg")
    assert names(folder) == ["2024.01.jpg", "b.jpg", "a/c.PNG"]
