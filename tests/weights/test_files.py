"""Files are whole or absent; damaged ones are named."""

import hashlib
import os
from pathlib import Path

import numpy as np
import pytest

from impasto.errors import ModelError, OutputError
from impasto.weights.files import (
    Arrays,
    load_safetensors,
    save_safetensors,
    sha256_of,
    write_atomically,
)


def test_hash_of_bytes_and_file_agree(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"paint" * 1000)
    assert sha256_of(path) == sha256_of(b"paint" * 1000)
    assert sha256_of(b"") == hashlib.sha256().hexdigest()


def test_writing_makes_folders_and_replaces(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "file"
    write_atomically(path, b"one")
    write_atomically(path, b"two")
    assert path.read_bytes() == b"two"
    assert list(path.parent.iterdir()) == [path]


def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    write_atomically(path, b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left on device"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_in_the_way_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="Cannot write"):
        write_atomically(tmp_path / "file" / "below", b"x")
    with pytest.raises(OutputError, match="Cannot write"):
        write_atomically(tmp_path, b"x")


def test_arrays_come_back(tmp_path: Path) -> None:
    arrays: Arrays = {
        "a": np.arange(6, dtype=np.float32).reshape(2, 3),
        "b": np.array([1.5], np.float16),
        "c": np.array([1, -2]),
    }
    save_safetensors(tmp_path / "w.safetensors", arrays, {"shape": "x"})
    back = load_safetensors(tmp_path / "w.safetensors")
    assert back.keys() == arrays.keys()
    for name, array in arrays.items():
        assert back[name].dtype == array.dtype
        np.testing.assert_array_equal(back[name], array)


@pytest.mark.parametrize("data", [b"", b"\x80\x04", bytes(64), b"\xff" * 64, b"PK\x03\x04" * 20])
def test_damaged_files_are_named(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "w.safetensors"
    path.write_bytes(data)
    with pytest.raises(ModelError, match="is not a whole safetensors file"):
        load_safetensors(path)


def test_a_cut_or_missing_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    save_safetensors(path, {"a": np.ones(100, np.float32)})
    path.write_bytes(path.read_bytes()[:-7])
    with pytest.raises(ModelError, match="Copy or download it again"):
        load_safetensors(path)
    with pytest.raises(ModelError, match="There is no weights file"):
        load_safetensors(tmp_path / "absent")
    with pytest.raises(ModelError, match="Cannot read"):
        load_safetensors(tmp_path)
