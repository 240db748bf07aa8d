"""A file appears at its place whole, or not at all."""

import os
from pathlib import Path

import pytest

from impasto.errors import OutputExists
from impasto.images.places import beside, check_place, sidecar_path


def test_a_file_and_its_sidecar_appear_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "out.gif"
    with beside(path, b"<x/>") as file:
        file.write(b"picture")
        assert not path.exists()
    assert (path.read_bytes(), sidecar_path(path).read_bytes()) == (b"picture", b"<x/>")
    assert len(os.listdir(tmp_path)) == 2


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_after_an_error_the_old_files_stay(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "out.gif"
    path.write_bytes(b"old")
    with pytest.raises(error), beside(path, b"<x/>") as file:
        file.write(b"half a pic")
        raise error
    assert os.listdir(tmp_path) == ["out.gif"] and path.read_bytes() == b"old"


def test_checking_leaves_nothing_and_sees_the_sidecar(tmp_path: Path) -> None:
    path = tmp_path / "out.gif"
    check_place(path, overwrite=False, sidecar=True)
    assert os.listdir(tmp_path) == []
    sidecar_path(path).touch()
    check_place(path, overwrite=False, sidecar=False)
    with pytest.raises(OutputExists, match=r"out\.gif\.xmp"):
        check_place(path, overwrite=False, sidecar=True)
