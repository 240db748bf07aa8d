"""`impasto styles` lists, shows, keeps and forgets styles."""

import re
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from impasto.cli.app import main
from impasto.styles.gallery import names

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def painting(tmp_path: Path, photo: npt.NDArray[np.float32]) -> str:
    """A picture that may serve as a painting."""
    path = tmp_path / "painting.png"
    Image.fromarray((photo * 255).astype(np.uint8)).save(path)
    return str(path)


def test_the_list_has_one_line_a_style_with_its_name_first(capsys: Capture) -> None:
    assert main(["styles"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("\t")[0] for line in lines] == names()


def test_the_sheet_shows_the_gallery(tmp_path: Path, capsys: Capture) -> None:
    sheet = tmp_path / "sheet.jpg"
    assert main(["styles", "--images", str(sheet)]) == 0
    with Image.open(sheet) as image:
        assert image.width > 1000
    assert main(["styles", "--images", str(sheet)]) == 4
    assert main(["styles", "--images", str(sheet), "--overwrite"]) == 0


def test_a_style_is_shown(capsys: Capture) -> None:
    name = names()[0]
    assert main(["styles", "show", name]) == 0
    assert f"name:       {name}\n" in capsys.readouterr().out


def test_an_own_style_is_kept_listed_and_forgotten(painting: str, capsys: Capture) -> None:
    assert main(["styles", "add", painting, "--name", "my-own-style"]) == 0
    assert main(["styles", "add", painting, "--name", "my-own-style"]) == 4
    assert main(["styles", "add", painting, "--name", "my-own-style", "--overwrite"]) == 0
    capsys.readouterr()
    assert main(["styles"]) == 0
    assert "my-own-style\t" in capsys.readouterr().out
    assert main(["styles", "remove", "my-own-style"]) == 0
    assert main(["styles", "remove", "my-own-style"]) == 2


def test_an_own_style_has_moments_where_torch_is_installed(
    painting: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["styles", "add", painting, "--name", "with-moments"]) == 0
    assert main(["styles", "show", "with-moments"]) == 0
    assert "moments:    at 24, 64, 96 pixels" in capsys.readouterr().out  # as large as it is
    monkeypatch.delitem(sys.modules, "impasto.features.registry", raising=False)
    monkeypatch.setitem(sys.modules, "torch", None)
    assert main(["styles", "add", painting, "--name", "without-moments"]) == 0
    assert main(["styles", "show", "without-moments"]) == 0
    shown = capsys.readouterr()
    assert "moments:    none" in shown.out and not shown.err


@pytest.mark.parametrize(
    ("words", "code"),
    [(["show", "no-such-style"], 2), (["remove", names()[0] if names() else "none-here"], 2)],
)
def test_what_cannot_be_is_refused(words: list[str], code: int, capsys: Capture) -> None:
    assert main(["styles", *words]) == code
    assert capsys.readouterr().err.startswith("impasto: error: ")


def test_a_name_that_cannot_be_is_refused(painting: str, capsys: Capture) -> None:
    assert main(["styles", "add", painting, "--name", "My Style"]) == 2
    assert "hyphens" in capsys.readouterr().err


def test_on_a_terminal_the_list_is_a_table(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert main(["styles"]) == 0
    shown = re.sub(r"\x1b\[[\d;]*m", "", capsys.readouterr().out)
    assert shown.split()[:2] == ["style", "palette"]
    assert all(name in shown for name in names())
