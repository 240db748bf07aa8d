"""`impasto evaluate images`: a list of models as people type it, a table, a page, clear errors."""

from pathlib import Path

import pytest
from PIL import Image
from skimage import data

from impasto.cli.app import main
from impasto.images.patterns import render


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a photo and a painting in folders, in which we stand."""
    for folder in ("photos", "paintings", "empty"):
        (tmp_path / folder).mkdir()
    photo = data.coffee()  # type: ignore[no-untyped-call]
    Image.fromarray(photo).resize((80, 64)).save(tmp_path / "photos" / "coffee.png")
    painting = (render("ink-wash", 1, 64) * 255).astype("uint8")
    Image.fromarray(painting).save(tmp_path / "paintings" / "dusk-blue.png")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_list_of_models_gives_a_table_and_a_page(
    place: Path, lone: Path, pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--content", "photos", "--styles", "paintings", "-o", "report", "--size", "64"]
    assert main(["evaluate", "images", "--models", str(lone), str(pack), "painter", *words]) == 0
    lines = capsys.readouterr().out.splitlines()
    names = ["content itself", "style itself", "lone", "pack", "painter"]
    assert [line.split("  ")[0] for line in lines[1:-1]] == names
    assert lines[0].split()[:2] == ["pairs", "style"] and lines[-1] == "report/index.html"
    assert (place / "report" / "pictures" / "pack" / "coffee__tall-grass.png").is_file()


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["painter", "--content", "photos"], 2, "--styles"),
        (["paintr", "--content", "photos", "--styles", "paintings"], 5, 'Did you mean "painter"?'),
        (["painter", "--content", "fotos", "--styles", "paintings"], 2, '"fotos"'),
        (["painter", "--content", "empty", "--styles", "paintings"], 2, "no picture"),
        (["painter", "--content", "photos", "--size", "1"], 2, "--size"),
        (["painter", "--content", "photos", "--encoder", "vgg"], 2, 'Did you mean "vgg19"?'),
        (["--content", "photos"], 2, "Which models?"),
    ],
)
def test_errors_are_one_line_and_leave_nothing(
    place: Path, words: list[str], code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "images", "-o", "report", *words]) == code
    shown = capsys.readouterr().err
    assert shown.count("\n") == 1 and message in shown
    assert not (place / "report").exists()


def test_without_a_command_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate"]) == 0
    assert "images" in capsys.readouterr().out
