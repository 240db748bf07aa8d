"""`impasto train` and `impasto export`: from pictures to a model folder, and what is refused."""

import json
from pathlib import Path

import numpy as np
import pytest
from onnx import ModelProto
from PIL import Image

from impasto.cli.app import main
from impasto.cli.extras import needs_extras
from impasto.errors import MissingExtra

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two photos and two paintings of noise."""
    random = np.random.default_rng(0)
    for folder in ("content", "style"):
        (tmp_path / folder).mkdir()
        for number in range(2):
            pixels = random.integers(0, 255, (80, 80, 3), np.uint8)
            Image.fromarray(pixels).save(tmp_path / folder / f"{number}.png")
    return tmp_path


def test_train_continue_and_export(
    data: Path, teacher: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Making graphs takes half a minute, and tests/compress looks at them.
    monkeypatch.setattr("impasto.compress.export.to_onnx", lambda *_: ModelProto())
    run, model = str(tmp_path / "run"), str(tmp_path / "model")
    words = ["train", "arbitrary", "--data", str(data), "--teacher", str(teacher), "-o", run]
    small = ["--size", "32", "--batch", "2", "--patterns", "0", "--precision", "f32"]
    assert main([*words, *small, "--steps", "1"]) == 0
    assert main([*words, *small]) == 7  # there is a run already
    assert main(["train", "arbitrary", "-o", run, "--resume", "--steps", "2"]) == 0
    card = tmp_path / "card.toml"
    card.write_text('training_data = "two photos of noise"')
    assert main(["export", run, "-o", model, "--card", str(card)]) == 0
    assert capsys.readouterr().out.splitlines() == [run, run, model]
    said = json.loads((tmp_path / "model" / "card.json").read_text())
    assert said["training_data"] == "two photos of noise"
    assert said["steps"] == 2 and said["recipe"]["size"] == 32


def test_teach_an_encoder(
    data: Path, teacher: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    taught = []
    monkeypatch.setattr(
        "impasto.training.encoder.train_encoder",
        lambda settings, folder, **words: taught.append((settings, folder, words["resume"])),
    )
    words = ["train", "encoder", "--data", str(data), "--teacher", str(teacher)]
    assert main([*words, "-o", str(tmp_path / "run"), "--steps", "3"]) == 0
    ((settings, folder, resume),) = taught
    assert settings.steps == 3 and settings.teacher == teacher and not resume
    assert capsys.readouterr().out.splitlines() == [str(folder)] == [str(tmp_path / "run")]
    assert main(["train", "encoder", "-o", str(tmp_path / "gone"), "--resume"]) == 7
    assert "gone" in capsys.readouterr().err


def test_a_run_that_is_not_there_is_named(tmp_path: Path, capsys: Capture) -> None:
    assert main(["export", str(tmp_path / "gone"), "-o", str(tmp_path / "model")]) == 7
    assert "gone" in capsys.readouterr().err


def test_a_missing_extra_names_the_command() -> None:
    with pytest.raises(MissingExtra, match=r'pip install "impasto\[train\]"'), needs_extras("It"):
        raise ModuleNotFoundError("No module named 'torch'", name="torch.nn")
    with pytest.raises(ModuleNotFoundError, match="own"), needs_extras("It"):
        raise ModuleNotFoundError("own", name="own")
