"""Weights files: two formats, damaged ones named, code never run."""

import os
import pickle
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from impasto.errors import ModelError
from impasto.features.tensors import load_tensors

TENSORS = {"a.weight": torch.arange(600.0).view(20, 30), "a.bias": torch.ones(20)}


class Code:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (os.environ["PROOF"],)


@pytest.mark.parametrize("kind", ["safetensors", "pth", "old.pth"])
def test_tensors_come_back(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"weights.{kind}"
    if kind == "safetensors":
        save_file(TENSORS, path)
    else:
        torch.save(TENSORS, path, _use_new_zipfile_serialization=kind == "pth")
    found = load_tensors(path)
    assert found.keys() == TENSORS.keys()
    assert all(torch.equal(found[key], tensor) for key, tensor in TENSORS.items())
    whole = path.read_bytes()
    for length in (0, 9, len(whole) // 2, len(whole) - 50):
        path.write_bytes(whole[:length])
        with pytest.raises(ModelError, match="again"):
            load_tensors(path)


def test_a_pickle_with_code_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROOF", str(tmp_path / "proof"))
    path = tmp_path / "weights.pth"
    torch.save({"a": Code()}, path)
    for content in (path.read_bytes(), *(pickle.dumps({"a": Code()}, n) for n in (2, 4))):
        path.write_bytes(content)
        with pytest.raises(ModelError, match="could run code"):
            load_tensors(path)
        assert not (tmp_path / "proof").exists()


def test_anything_but_named_tensors_is_refused(tmp_path: Path) -> None:
    for number, content in enumerate([[1, 2], {"state_dict": TENSORS}, torch.ones(3)]):
        path = tmp_path / f"{number}.pt"
        torch.save(content, path)
        with pytest.raises(ModelError, match="state_dict alone"):
            load_tensors(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    for name in ("none.pth", "none.safetensors"):
        with pytest.raises(ModelError, match=name):
            load_tensors(tmp_path / name)
