"""The wheel alone paints: built, installed into an empty environment, run there."""

import subprocess
import sys
import venv
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).parents[1]
LARGEST = 9_000_000  # bytes


def run(*words: object, cwd: Path) -> str:
    """Run a command and return what it printed; show everything if it fails."""
    done = subprocess.run([str(word) for word in words], cwd=cwd, capture_output=True, text=True)
    if done.returncode:
        pytest.fail(f"{words} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def test_the_wheel_is_small_and_paints_in_an_empty_environment(tmp_path: Path) -> None:
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", tmp_path, cwd=ROOT)
    (wheel,) = tmp_path.glob("*.whl")
    assert wheel.stat().st_size < LARGEST
    pages = (path for path in (ROOT / "src/impasto/web").rglob("*.*") if path.suffix != ".pyc")
    with ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    assert {path.relative_to(ROOT / "src").as_posix() for path in pages} <= packed
    venv.create(tmp_path / "empty", with_pip=True)
    python = tmp_path / "empty" / "bin" / "python"
    constraints = ROOT / "constraints.txt"
    run(python, "-m", "pip", "install", "-q", "-c", constraints, wheel, cwd=tmp_path)

    picture = np.random.default_rng(0).integers(0, 255, (48, 64, 3), np.uint8)
    Image.fromarray(picture).save(tmp_path / "photo.png")
    impasto = python.with_name("impasto")
    name = run(impasto, "styles", cwd=tmp_path).split()[0]
    printed = run(impasto, "stylize", "photo.png", "--style", name, cwd=tmp_path)
    assert printed.strip() == f"photo.{name}.png"
    with Image.open(tmp_path / f"photo.{name}.png") as painted:
        assert painted.size == (64, 48)
        assert np.abs(np.asarray(painted.convert("RGB"), np.int16) - picture).mean() > 5
    run(
        python,
        "-c",
        "import importlib.util as u; assert u.find_spec('torch') is None",
        cwd=tmp_path,
    )
