"""Model folders: written whole, checked when opened, every fault named."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from impasto.errors import ModelError, OutputError, OutputExists, UsageError
from impasto.weights.models import (
    SHIPPED,
    add_model,
    find_model,
    named_models,
    open_model,
    remove_model,
    user_folder,
    write_model,
)

CARD = {
    "name": "small",
    "kind": "arbitrary",
    "version": 1,
    "encoder_id": "ab" * 32,
    "multiple": 8,
    "halo": 24,
    "training_data": "none",
}
FILES = {"encode.onnx": b"1", "prepare.onnx": b"2", "paint.onnx": b"3", "model.safetensors": b"4"}


def change(folder: Path, **fields: Any) -> None:
    path = folder / "card.json"
    card = json.loads(path.read_text()) | fields
    path.write_text(json.dumps({k: v for k, v in card.items() if v is not None}))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_model(tmp_path / "models" / "small", CARD, FILES)


def test_what_is_written_opens(folder: Path) -> None:
    model = open_model(folder)
    assert (model.name, model.kind, model.multiple, model.halo) == ("small", "arbitrary", 8, 24)
    assert model.encoder_id == "ab" * 32
    assert model.card["training_data"] == "none"
    assert model.encode is not None and model.encode.read_bytes() == b"1"
    assert (model.prepare.read_bytes(), model.paint.read_bytes()) == (b"2", b"3")
    assert [path.name for path in folder.parent.iterdir()] == ["small"]


def test_a_model_of_its_own_styles_has_their_cards_and_no_encoder(tmp_path: Path) -> None:
    card = {**CARD, "kind": "style", "styles": [{"schema": "style-card/1", "name": "mine"}]}
    files = {"prepare.onnx": b"2", "paint.onnx": b"3"}
    model = open_model(write_model(tmp_path / "one", card, files))
    assert model.encode is None
    assert [style["name"] for style in model.styles] == ["mine"]
    assert model.size == sum(path.stat().st_size for path in model.folder.iterdir())


def test_the_hash_of_a_model_is_that_of_what_paints(folder: Path, tmp_path: Path) -> None:
    hashes = [
        open_model(write_model(tmp_path / name, card, files)).sha256
        for name, card, files in (
            ("same", {**CARD, "title": "Small"}, FILES),
            ("other", CARD, {**FILES, "model.safetensors": b"5"}),
        )
    ]
    assert hashes[0] == open_model(folder).sha256 != hashes[1]


def test_writing_again_replaces_all(folder: Path) -> None:
    write_model(folder, {**CARD, "version": 2}, {"prepare.onnx": b"x", "paint.onnx": b"y"})
    assert open_model(folder).card["version"] == 2
    assert sorted(p.name for p in folder.iterdir()) == ["card.json", "paint.onnx", "prepare.onnx"]
    assert [path.name for path in folder.parent.iterdir()] == ["small"]


def test_a_failed_write_leaves_the_old_model(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    move = os.replace

    def fail(source: Path, target: Path) -> None:
        if Path(source).name.endswith(".part"):
            raise OSError(28, "No space left on device")
        move(source, target)

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OutputError, match="No space left on device"):
        write_model(folder, CARD, {**FILES, "paint.onnx": b"new"})
    assert open_model(folder).paint.read_bytes() == b"3"
    assert [path.name for path in folder.parent.iterdir()] == ["small"]


def test_another_folder_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").write_bytes(b"precious")
    with pytest.raises(OutputExists, match="is no model"):
        write_model(tmp_path, CARD, FILES)
    assert (tmp_path / "holiday.jpg").read_bytes() == b"precious"


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"schema": "model-card/2"}, "Update Impasto"),
        ({"schema": None}, "has the schema None"),
        ({"name": None}, 'needs "name" as str, got None'),
        ({"multiple": "8"}, "needs \"multiple\" as int, got '8'"),
        ({"multiple": 0}, '"multiple" of 1 or more'),
        ({"halo": True}, 'needs "halo" as int, got True'),
        ({"kind": "single"}, "kind 'single'; this version of Impasto knows arbitrary, style"),
        ({"kind": "style"}, 'needs one of "styles"'),
        ({"kind": "styles", "styles": ["a"]}, 'needs at least one of "styles"'),
        ({"styles": [{}]}, 'needs none of "styles"'),
        ({"files": None}, 'lists no "files"'),
        ({"files": {"prepare.onnx": ""}}, r"has no paint\.onnx"),
        (
            {"files": {"prepare.onnx": "", "paint.onnx": "", "../x": ""}},
            "is not the file|plain file names",
        ),
    ],
)
def test_faults_of_the_card_are_named(folder: Path, fields: dict[str, Any], text: str) -> None:
    change(folder, **fields)
    with pytest.raises(ModelError, match=text):
        open_model(folder)


def test_a_card_cannot_reach_outside(folder: Path) -> None:
    (folder.parent / "x").write_bytes(b"1")
    hashes = json.loads((folder / "card.json").read_text())["files"]
    change(folder, files={**hashes, "../x": hashes["encode.onnx"]})
    with pytest.raises(ModelError, match="only plain file names"):
        open_model(folder)


def test_faults_of_the_files_are_named(folder: Path) -> None:
    (folder / "paint.onnx").write_bytes(b"other")
    with pytest.raises(ModelError, match=r"paint\.onnx is not the file that its card"):
        open_model(folder)
    (folder / "paint.onnx").unlink()
    with pytest.raises(ModelError, match=r"lacks paint\.onnx"):
        open_model(folder)


@pytest.mark.parametrize("text", ["", "{", "[]", "\xff"])
def test_a_damaged_card_is_named(folder: Path, text: str) -> None:
    (folder / "card.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(ModelError, match="is damaged"):
        open_model(folder)


def test_what_is_no_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="is not a model folder"):
        open_model(tmp_path / "absent")
    with pytest.raises(ModelError, match=r"missing: paint\.onnx"):
        write_model(tmp_path / "new", CARD, {"prepare.onnx": b""})
    with pytest.raises(ModelError, match='needs "halo"'):
        write_model(tmp_path / "new", {k: v for k, v in CARD.items() if k != "halo"}, FILES)
    assert not (tmp_path / "new").exists()
    for place in (".", "..", "/"):
        with pytest.raises(OutputError, match="-o starry"):
            write_model(Path(place), CARD, FILES)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Own models lie in a folder of this test."""
    monkeypatch.setenv("IMPASTO_HOME", str(tmp_path / "home"))
    return user_folder()


def test_shipped_models_are_found_by_name(home: Path) -> None:
    assert open_model(find_model("painter")).name == "painter"
    assert "encoder" not in named_models()  # it sees, and paints nothing
    write_model(home / ".small.0123.part", CARD, FILES)  # as a kill leaves it
    assert set(named_models()) == {path.name for path in SHIPPED.iterdir()} - {"encoder"}


def test_a_folder_is_meant_before_a_name(folder: Path, home: Path) -> None:
    assert find_model(folder) == find_model(str(folder)) == folder


def test_own_models_come_and_go(folder: Path, home: Path) -> None:
    place = add_model(folder)
    assert find_model("small") == place == home / "small"
    assert open_model(place).card == open_model(folder).card
    with pytest.raises(OutputExists, match="--overwrite"):
        add_model(folder)
    assert add_model(folder, overwrite=True) == place
    assert remove_model("small") == place
    assert not place.exists() and "small" not in named_models()


def test_a_name_that_is_none_has_a_near_one(folder: Path, home: Path) -> None:
    add_model(folder)
    with pytest.raises(ModelError, match=r'no model "smal".*Did you mean "small"'):
        find_model("smal")
    with pytest.raises(ModelError, match=r'no model "smal" of your own\. Did you mean "small"'):
        remove_model("smal")
    with pytest.raises(ModelError, match='no model "painter" of your own'):
        remove_model("painter")


def test_a_run_is_told_from_a_model(tmp_path: Path) -> None:
    (tmp_path / "a.run" / "state").mkdir(parents=True)
    with pytest.raises(ModelError, match=r"is a run, not a model\. Make .* impasto export"):
        find_model(tmp_path / "a.run")
    with pytest.raises(ModelError, match="is not a model folder"):
        find_model(tmp_path)


@pytest.mark.parametrize(("name", "text"), [("painter", "shipped already"), ("../x", "cannot be")])
def test_a_name_that_cannot_be_kept_is_refused(
    tmp_path: Path, home: Path, name: str, text: str
) -> None:
    with pytest.raises(UsageError, match=text):
        add_model(write_model(tmp_path / "other", {**CARD, "name": name}, FILES))
    assert not home.exists()
