"""`impasto dataset` says what is wrong by its words and its exit code, and prepares the rest."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from impasto.cli.app import main


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with six pictures of noise in ``photos``, in which we stand."""
    random = np.random.default_rng(0)
    (tmp_path / "photos").mkdir()
    for number in range(6):
        coarse = Image.fromarray(random.integers(0, 256, (8, 8, 3)).astype(np.uint8))
        coarse.resize((200, 160)).save(tmp_path / "photos" / f"{number}.jpg")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_good_pictures_need_nothing(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dataset", "check", "photos"]) == 0
    shown = capsys.readouterr().out
    assert "6 pictures, 6 readable" in shown and "nothing must be done" in shown
    assert "6 not stated" in shown
    assert "all are the same by shape: landscape" in shown


def test_what_must_be_done_is_named_and_the_exit_code_says_so(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / "photos" / "page.jpg").write_text("<html>")
    for number in range(7):
        Image.new("RGB", (20, 20)).save(place / "photos" / f"flat{number}.png")
    assert main(["dataset", "check", "photos", "--json"]) == 3
    facts = json.loads(capsys.readouterr().out)
    kinds = {problem["kind"] for problem in facts["problems"]}
    assert kinds == {"broken", "tiny", "uniform"}
    assert main(["dataset", "check", "photos"]) == 3
    shown = capsys.readouterr().out
    assert "page.jpg" in shown and "7 tiny" in shown and "and 2 more" in shown


def test_a_sheet_and_a_manifest_are_written_when_asked(place: Path) -> None:
    words = ["--sheet", "sheet.jpg", "--manifest", "photos/manifest.jsonl", "--licence", "CC0-1.0"]
    assert main(["dataset", "check", "photos", *words]) == 0
    with Image.open("sheet.jpg") as sheet:
        assert sheet.width > 160
    lines = Path("photos/manifest.jsonl").read_text().splitlines()
    assert len(lines) == 6
    first = json.loads(lines[0])
    assert first["file"] == "0.jpg" and first["width"] == 200 and first["licence"] == "CC0-1.0"
    assert main(["dataset", "check", "photos"]) == 0  # and it is read the next time


def test_a_sheet_of_another_format_is_refused_before_the_look(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("impasto.training.data.check.check", pytest.fail)
    assert main(["dataset", "check", "photos", "--sheet", "sheet.png"]) == 4


def test_pictures_are_prepared_once(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["dataset", "prepare", "photos", "-o", "data", "--held-out", "0.3", "--side", "64"]
    assert main(words) == 0
    assert capsys.readouterr().out.startswith("data: ")
    assert main(words) == 0
    assert "there already" in capsys.readouterr().out
    assert main([*words, "--json"]) == 0
    assert sum(json.loads(capsys.readouterr().out)["pictures"].values()) == 6


def test_what_is_left_out_is_said(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "photos" / "7.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    assert main(["dataset", "prepare", "photos", "-o", "data"]) == 0
    shown = capsys.readouterr().out
    assert "1 truncated" in shown and "7.jpg" in shown and "skipped.jsonl" in shown


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["check", "gone"], 7, "no folder"),
        (["check", "empty"], 7, "holds no pictures"),
        (["check", "photos", "--min-side", "0"], 2, "--min-side must be"),
        (["check", "photos", "--sheet", "sheet.png"], 4, "sheet.jpg"),
        (["prepare", "photos", "-o", "photos"], 4, "holds other files"),
        (["prepare", "empty", "-o", "data"], 7, "holds no pictures"),
        (["prepare", "photos", "-o", "data", "--by", "shrt"], 2, 'Did you mean "short"?'),
    ],
)
def test_errors_are_one_line(
    place: Path, words: list[str], code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / "empty").mkdir()
    assert main(["dataset", *words]) == code
    shown = capsys.readouterr().err
    assert message in shown and shown.count("\n") == 1


def test_data_is_prepared_without_torch(place: Path) -> None:
    code = (
        "import sys\nfrom impasto.cli.app import main\n"
        "assert main(['dataset', 'prepare', 'photos', '-o', 'data']) == 0\n"
        "from pathlib import Path\nfrom impasto.training.data.pictures import open_pictures\n"
        "assert len(open_pictures(Path('data'))) == 6\n"
        "assert 'torch' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
