"""A saved state is whole at any moment; what cannot be continued is explained."""

import errno
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from impasto.errors import OutputError, UsageError
from impasto.methods.optimize import checkpoint
from impasto.methods.optimize.checkpoint import FORMAT, load, save, save_preview, saved
from impasto.weights.runs import RunFolder

STATE = {"picture": torch.rand(1, 3, 5, 4), "moves.0": torch.rand(2), "counts": torch.tensor([3])}


def other(factor: float) -> dict[str, torch.Tensor]:
    return {name: (value * factor).to(value.dtype) for name, value in STATE.items()}


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path / "run")


def check(folder: RunFolder, wanted: dict[str, torch.Tensor], step: int) -> None:
    state, known = load(folder)
    assert known["step"] == step and state.keys() == wanted.keys()
    assert all(torch.equal(state[name], wanted[name]) for name in wanted)
    assert all(state[name].dtype == wanted[name].dtype for name in wanted)


def test_a_state_comes_back_bit_for_bit(folder: RunFolder) -> None:
    assert not saved(folder)
    for step in (1, 2, 3):
        save(folder, other(step), {"step": step})
        assert saved(folder)
        check(folder, other(step), step)
    assert sorted(path.name for path in folder.state.iterdir()) == ["3", "last.json"]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
@pytest.mark.parametrize("when", [0, 1, 2])
def test_a_save_that_fails_leaves_the_last_one(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch, code: int, when: int
) -> None:
    save(folder, STATE, {"step": 1})
    calls: list[object] = []

    def full(file: Any, array: Any) -> None:
        file.write(b"half")
        calls.append(file)
        if len(calls) > when:
            raise OSError(code, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(np, "save", full)
        with pytest.raises(OutputError, match=r"No space left.*Free space.*--resume"):
            save(folder, other(2), {"step": 2})
    check(folder, STATE, 1)
    save(folder, other(3), {"step": 3})
    check(folder, other(3), 3)


def test_an_index_that_cannot_be_written_leaves_the_last_one(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(folder, STATE, {"step": 1})

    def full(path: Path, data: bytes) -> None:
        raise OutputError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(checkpoint, "write_atomically", full)
        with pytest.raises(OutputError):
            save(folder, other(2), {"step": 2})
    check(folder, STATE, 1)
    save(folder, other(3), {"step": 3})
    check(folder, other(3), 3)


def test_what_a_killed_save_left_is_cleaned(folder: RunFolder) -> None:
    save(folder, STATE, {"step": 1})
    for number in ("0", "2", "7"):
        (folder.state / number).mkdir()
        (folder.state / number / "picture.npy").write_bytes(b"half")
    check(folder, STATE, 1)
    save(folder, other(2), {"step": 2})
    check(folder, other(2), 2)
    assert sorted(path.name for path in folder.state.iterdir()) == ["2", "last.json"]


def test_a_run_of_another_version_is_refused(folder: RunFolder) -> None:
    save(folder, STATE, {"step": 1})
    index = folder.state / "last.json"
    index.write_text(index.read_text("utf-8").replace(FORMAT, "optimize-run/9"), "utf-8")
    with pytest.raises(UsageError, match=r"another version \(optimize-run/9.*without --resume"):
        load(folder)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


DAMAGE: dict[str, Callable[[RunFolder], object]] = {
    "cut index": lambda folder: _cut(folder.state / "last.json"),
    "empty index": lambda folder: (folder.state / "last.json").write_bytes(b""),
    "a list": lambda folder: (folder.state / "last.json").write_text("[1]"),
    "no names": lambda folder: (folder.state / "last.json").write_text(
        json.dumps({"format": FORMAT, "number": 1})
    ),
    "binary": lambda folder: (folder.state / "last.json").write_bytes(b"\xff\xfe\x00"),
    "lost array": lambda folder: (folder.state / "1" / "picture.npy").unlink(),
    "cut array": lambda folder: _cut(folder.state / "1" / "picture.npy"),
    "empty array": lambda folder: (folder.state / "1" / "picture.npy").write_bytes(b""),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_run_is_explained(folder: RunFolder, damage: str) -> None:
    save(folder, STATE, {"step": 1})
    DAMAGE[damage](folder)
    with pytest.raises(UsageError, match=r"cannot be read.*Begin anew without --resume"):
        load(folder)
    save(folder, other(2), {"step": 2})  # a new run may take the folder
    check(folder, other(2), 2)


@pytest.mark.parametrize(("size", "shown"), [((60, 80), (60, 80)), ((600, 2048), (300, 1024))])
def test_the_preview_is_the_picture_at_most_1024_pixels_long(
    folder: RunFolder, size: tuple[int, int], shown: tuple[int, int]
) -> None:
    save_preview(folder, torch.full((1, 3, *size), 0.5))
    with Image.open(folder.preview) as preview:
        assert preview.size == shown[::-1]
        assert np.abs(np.asarray(preview, int) - 128).max() <= 1
