"""Importing is light: heavy packages are loaded by the work that needs them, not before."""

import subprocess
import sys

import pytest

HEAVY = ["torch", "onnx", "onnxruntime", "openvino", "skimage", "scipy", "PIL", "numpy", "rich"]
REPORT = f"import sys; print(*[name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"


def heavy_after(code: str) -> str:
    """Run code in a fresh interpreter and return the heavy packages it loaded."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{REPORT}"], capture_output=True, text=True, check=True
    )
    return done.stderr.strip()


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert heavy_after("import impasto") == ""


@pytest.mark.parametrize(
    "argv",
    [
        ["--help"],
        ["stylize", "--help"],
        ["optimize", "--help"],
        ["steer", "--help"],
        ["rate", "--help"],
        ["train", "arbitrary", "--help"],
        ["evaluate", "images", "--help"],
        ["--version"],
    ],
)
def test_help_loads_nothing_heavy(argv: list[str]) -> None:
    code = f"from impasto.cli.app import main\nassert main({argv}) == 0"
    assert heavy_after(code) == ""


def test_painting_needs_no_torch() -> None:
    code = "import impasto\nimpasto.stylize, impasto.FastStylizer"
    assert "torch" not in heavy_after(code).split()
