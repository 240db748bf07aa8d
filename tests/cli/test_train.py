"""`impasto train` and `impasto export`: from pictures to a model folder, and what is refused."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from onnx import ModelProto
from PIL import Image

from impasto.cli.app import main
from impasto.cli.extras import needs_extras
from impasto.device.progress import Progress
from impasto.errors import Interrupted, MissingExtra

Capture = pytest.CaptureFixture[str]

SMALL = (
    *("--size", "32", "--last-size", "32", "--batch", "2", "--held-out", "1"),
    *("--workers", "1", "--precision", "f32"),
)


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


@pytest.fixture
def words(data: Path) -> list[str]:
    """Return a command but for the place of the run."""
    named = ["train", "style", str(data / "style" / "0.png"), "--data", str(data / "content")]
    return [*named, "--width", "0.125", *SMALL]


def test_train_continue_and_export(
    words: list[str], tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Making graphs takes half a minute, and tests/compress looks at them.
    monkeypatch.setattr("impasto.compress.export.to_onnx", lambda *_: ModelProto())
    run, model = str(tmp_path / "sea.run"), str(tmp_path / "sea")
    assert main([*words, "-o", run, "--steps", "1"]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines() == [run]
    assert f"impasto export {run} -o {model}\n" in said.err
    assert f"impasto stylize photo.jpg --model {model} -o out.jpg" in said.err
    assert main([*words, "-o", run]) == 7  # there is a run already
    assert main(["train", "style", "-o", run, "--resume", "--steps", "2"]) == 0
    assert main(["export", run, "-o", model]) == 0
    card = json.loads((tmp_path / "sea" / "card.json").read_text())
    assert card["kind"] == "style" and card["steps"] == 2 and card["recipe"]["size"] == 32


def test_a_recipe_file_trains_and_what_is_typed_wins(
    words: list[str], tmp_path: Path, capsys: Capture
) -> None:
    assert main([*words, "-o", str(tmp_path / "one"), "--steps", "1"]) == 0
    recipe = str(tmp_path / "one" / "settings.toml")
    two = tmp_path / "two"
    assert main(["train", "run", recipe, "-o", str(two), "--steps", "2"]) == 0
    assert json.loads((two / "result.json").read_text())["step"] == 2
    assert "steps = 2\n" in (two / "settings.toml").read_text()
    assert main(["train", "run", str(tmp_path / "gone.toml"), "-o", str(two)]) == 2
    assert "gone.toml" in capsys.readouterr().err


def test_a_stop_says_how_to_continue(
    words: list[str], tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(settings: object, run: Path, **known: Callable[[Progress], None]) -> None:
        raise Interrupted("stopped")

    monkeypatch.setattr("impasto.training.train.train", stopped)
    assert main([*words, "-o", str(tmp_path / "run")]) == 130
    again = f"impasto train style -o {tmp_path / 'run'} --resume"
    assert f"stopped; continue with: {again}" in capsys.readouterr().err


def test_a_run_of_another_recipe_is_named(
    words: list[str], tmp_path: Path, capsys: Capture
) -> None:
    run = str(tmp_path / "run")
    assert main([*words, "-o", run, "--steps", "1"]) == 0
    assert main(["train", "styles", "-o", run, "--resume"]) == 2
    assert f"impasto train style -o {run} --resume" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["style"], 7, "Which painting? Name a picture"),
        (["style", "starry-night"], 7, "--data FOLDER"),
        (["style", "stary-night", "--data", "."], 2, 'Did you mean "starry-night"?'),
        (["style", "starry-night", "--data", "gone"], 7, "no folder of pictures gone"),
        (["styles"], 7, "Which paintings?"),
        (["arbitrary"], 7, "--data FOLDER --styles FOLDER"),
        (["personal"], 7, "Which look?"),
        (["style", "--resume"], 7, "Start it without --resume"),
        (["style", "--size", "3"], 2, "--size must be a whole number between 32 and 1024 px"),
        (["personal", "--fine-tune", "pianter", "."], 5, 'Did you mean "painter"?'),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_begun(
    words: list[str], code: int, said: str, tmp_path: Path, capsys: Capture, data: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(data / "content")
    assert main(["train", *words, "-o", str(tmp_path / "run")]) == code
    assert said in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


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
