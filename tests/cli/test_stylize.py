"""`impasto stylize` paints one picture or many, and names every one that it cannot paint."""

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from impasto.cli.app import main
from impasto.styles.gallery import names

Pixels = npt.NDArray[np.float32]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, photo: Pixels) -> Path:
    """A folder with two photos, a file that is no picture and a truncated one; we stand in it."""
    picture = Image.fromarray((photo * 255).astype(np.uint8))
    for name in ("photo.png", "other.jpg"):
        picture.save(tmp_path / name)
    (tmp_path / "text.jpg").write_text("no picture")
    (tmp_path / "half.png").write_bytes((tmp_path / "photo.png").read_bytes()[:2000])
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def style() -> str:
    """The name of some style of the gallery."""
    return names()[0]


def read(path: Path) -> npt.NDArray[np.int16]:
    """Return the pixels of a file."""
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"), np.int16)


def test_a_painting_is_written_beside_the_photo(
    place: Path, style: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["stylize", "photo.png", "--style", style]) == 0
    assert capsys.readouterr().out == f"photo.{style}.png\n"
    painted = read(place / f"photo.{style}.png")
    assert painted.shape == (72, 96, 3)
    assert np.abs(painted - read(place / "photo.png")).mean() > 5


def test_what_a_killed_process_left_is_swept(place: Path, style: str) -> None:
    gone = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True
    )
    part = place / f".out.png.{int(gone.stdout)}.part"
    part.touch()
    assert main(["stylize", "photo.png", "--style", style, "-o", "out.png"]) == 0
    assert not part.exists()


def test_strength_nothing_is_the_photo(place: Path, style: str) -> None:
    assert main(["stylize", "photo.png", "--style", style, "--strength", "0", "-o", "x.png"]) == 0
    assert (read(place / "x.png") == read(place / "photo.png")).all()


def test_styles_are_mixed_and_the_size_is_set(place: Path, style: str) -> None:
    words = ["--style", f"{style}:0.6", "--style", "other.jpg:0.4", "--size", "48"]
    assert main(["stylize", "photo.png", *words, "--colors", "content"]) == 0
    assert read(place / f"photo.{style}+other.png").shape == (36, 48, 3)


def test_many_pictures_go_into_a_folder(place: Path, style: str) -> None:
    assert main(["stylize", "photo.png", "other.jpg", "--style", style, "-o", "painted/"]) == 0
    painted = {path.name for path in (place / "painted").iterdir()}
    assert painted == {f"photo.{style}.png", f"other.{style}.jpg"}


def test_a_bad_file_does_not_stop_the_rest(
    place: Path, style: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pictures = ["text.jpg", "photo.png", "half.png"]
    assert main(["stylize", *pictures, "--style", style, "-o", "painted/"]) == 3
    shown = capsys.readouterr()
    assert "2 of 3 pictures" in shown.err
    assert "text.jpg: " in shown.err
    assert "half.png: " in shown.err
    assert [path.name for path in (place / "painted").iterdir()] == [f"photo.{style}.png"]


def test_failures_of_two_kinds_end_with_one(place: Path, style: str) -> None:
    (place / f"photo.{style}.png").touch()
    assert main(["stylize", "text.jpg", "photo.png", "--style", style]) == 1


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["text.jpg"], 3, "text.jpg"),
        (["half.png"], 3, "half.png"),
        (["gone.jpg"], 3, 'There is no file "gone.jpg"'),
        (["photo.png", "--max-pixels", "100"], 3, "pixels"),
        (["photo.png", "-o", "gone/x.png"], 4, 'There is no folder "gone"'),
        (["photo.png", "-o", "other.jpg"], 4, "--overwrite"),
        (["photo.png", "-o", "x.gpj"], 4, "unknown suffix"),
        (["photo.png", "-o", "photo.png", "--overwrite"], 2, "one of the pictures"),
        (["photo.png", "--model", "gone"], 5, "gone"),
        ([f"{'n' * 300}.jpg"], 3, "too long"),
        (["photo.png", "-o", f"{'n' * 300}.png"], 4, "too long"),
        (["photo.png", "--region", f"{'n' * 300}=great-wave"], 2, "no mask"),
        (["photo.png", "--report", "photo.png"], 4, "report.json"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(
    place: Path, style: str, words: list[str], code: int, message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    before = {path: path.read_bytes() for path in place.iterdir()}
    assert main(["stylize", *words, "--style", style]) == code
    shown = capsys.readouterr()
    assert shown.err.startswith("impasto: error: ")
    assert shown.err.count("\n") == 1
    assert message in shown.err
    assert {path: path.read_bytes() for path in place.iterdir()} == before


def test_an_unknown_style_has_a_near_one(
    place: Path, style: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["stylize", "photo.png", "--style", style[:-1]]) == 2
    assert f'Did you mean "{style}"?' in capsys.readouterr().err


def test_pictures_go_through_pipes(place: Path, style: str) -> None:
    command = [sys.executable, "-m", "impasto", "stylize"]
    words = [*command, "-", "--style", style, "--precision", "f32"]
    content = (place / "photo.png").read_bytes()
    piped = subprocess.run(words, input=content, capture_output=True, check=True, cwd=place)
    assert piped.stderr == b""
    to_file = [*words, "-o", "file.png"]
    named = subprocess.run(to_file, input=content, capture_output=True, check=True, cwd=place)
    assert named.stdout.decode().strip() == "file.png"
    with Image.open(io.BytesIO(piped.stdout)) as image:
        assert (np.asarray(image, np.int16) == read(place / "file.png")).all()
    jpeg = [*command, "photo.png", "-o", "-", "--format", "jpg", "--style", style]
    piped = subprocess.run(jpeg, capture_output=True, check=True, cwd=place)
    assert piped.stdout.startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["-", "photo.png"], "one picture"),
        (["-", "--resume"], "one picture"),
        (["photo.png", "-o", "-", "--format", "jgp"], "jpg"),
        (["photo.png", "--format", "png"], "suffix"),
        (["photo.png", "--strokes", "relativ"], "relative"),
        (["photo.png", "--strokes", "9"], "0.5 to 4"),
    ],
)
def test_wrong_pipes_and_strokes_are_explained(
    place: Path, style: str, words: list[str], hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["stylize", *words, "--style", style]) in (2, 4)
    assert hint in capsys.readouterr().err
