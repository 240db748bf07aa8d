"""`impasto models` lists, shows, keeps and forgets models; `--model` paints with any of them."""

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from impasto.cli.app import main
from impasto.weights.models import user_folder

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, photo: npt.NDArray[np.float32]) -> Path:
    """A folder with a photo, in which we stand; own models lie apart."""
    Image.fromarray((photo * 255).astype(np.uint8)).save(tmp_path / "photo.png")
    monkeypatch.setenv("IMPASTO_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_list_has_one_line_a_model(lone: Path, capsys: Capture) -> None:
    assert main(["models", "add", str(lone)]) == 0
    capsys.readouterr()
    assert main(["models"]) == 0
    rows = {row[0]: row[1:] for row in map(str.split, capsys.readouterr().out.splitlines())}
    assert rows["painter"][:2] == ["arbitrary", "any"]
    assert rows["pack"][:2] == ["styles", "20"] and rows["pack"][-1] == "Apache-2.0"
    assert rows["lone"][:2] == ["style", "1"]
    assert main(["models", "--json"]) == 0
    assert {row["name"] for row in json.loads(capsys.readouterr().out)} == set(rows)


def test_the_card_is_shown(pack: Path, capsys: Capture) -> None:
    assert main(["models", "show", str(pack)]) == 0
    shown = capsys.readouterr().out
    assert "dusk-blue, tall-grass, old-wall" in shown and "halo:" in shown
    assert main(["models", "show", "painter", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["kind"] == "arbitrary"


def test_a_damaged_model_is_named_and_the_others_listed(lone: Path, capsys: Capture) -> None:
    assert main(["models", "add", str(lone)]) == 0
    (user_folder() / "lone" / "paint.onnx").write_bytes(b"")
    capsys.readouterr()
    assert main(["models"]) == 0
    out, err = capsys.readouterr()
    assert [line.split("\t")[0] for line in out.splitlines()] == ["pack", "painter"]
    assert "paint.onnx is not the file" in err


def test_a_name_is_enough_until_it_is_removed(lone: Path, place: Path, capsys: Capture) -> None:
    assert main(["models", "add", str(lone)]) == 0
    assert main(["stylize", "photo.png", "--model", "lone"]) == 0
    assert (place / "photo.lone.png").is_file()
    assert main(["models", "remove", "lone"]) == 0
    assert main(["stylize", "photo.png", "--model", "lone", "-o", "b.png"]) == 5
    assert 'There is no model "lone"' in capsys.readouterr().err
    assert main(["models", "remove", "painter"]) == 5


def test_styles_of_a_model_mix_and_others_are_refused(
    pack: Path, place: Path, capsys: Capture
) -> None:
    words = ["stylize", "photo.png", "--model", str(pack), "-o", "out.png"]
    assert main([*words, "--style", "dusk-blue:0.3", "--style", "old-wall:0.7"]) == 0
    assert main([*words, "--overwrite", "--style", "starry-night"]) == 2
    assert "pack paints dusk-blue, tall-grass, old-wall" in capsys.readouterr().err
    assert main([*words, "--overwrite"]) == 2
    assert "Which style? pack paints" in capsys.readouterr().err


def test_a_folder_is_painted_and_resumed(lone: Path, place: Path, capsys: Capture) -> None:
    (place / "shots").mkdir()
    (place / "photo.png").rename(place / "shots" / "a.png")
    words = ["stylize", "shots", "--model", str(lone), "-o", "out", "--resume"]
    assert main(words) == 0
    assert (place / "out" / "a.lone.png").is_file()
    capsys.readouterr()
    assert main(words) == 0
    assert "1 of 1 were finished already" in capsys.readouterr().err


def test_a_table_of_colors_needs_no_style_either(lone: Path, place: Path) -> None:
    assert main(["lut", "photo.png", "--model", str(lone), "-o", "grade.cube"]) == 0
    assert (place / "grade.cube").is_file()


def test_a_run_is_no_model_yet(place: Path, capsys: Capture) -> None:
    (place / "my.run" / "state").mkdir(parents=True)
    assert main(["stylize", "photo.png", "--model", "my.run"]) == 5
    assert "impasto export my.run -o NAME" in capsys.readouterr().err
    assert main(["export", "my.run", "-o", "mine"]) == 7
    assert "holds nothing to export" in capsys.readouterr().err
