"""The public names are these and no others, and each of them is there."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import impasto

PUBLIC = {
    "__version__",
    "AfterPainter",
    "ContentColors",
    "FastStylizer",
    "ImpastoError",
    "Interrupted",
    "KeepPhoto",
    "Mask",
    "MatchColors",
    "Optimize",
    "OptimizeSettings",
    "Painter",
    "PaletteColors",
    "Progress",
    "Region",
    "Source",
    "Strength",
    "Strip",
    "Strokes",
    "Style",
    "Stylizer",
    "StylizeSettings",
    "Window",
    "augment",
    "create_picture",
    "grade",
    "mask_of",
    "method_of",
    "mix",
    "open_picture",
    "optimize",
    "optimize_file",
    "painted_strips",
    "painted_whole",
    "parse_palette",
    "stylize",
    "stylize_array",
    "stylize_file",
    "stylize_folder",
}


def test_the_public_names_are_these() -> None:
    assert set(impasto.__all__) == PUBLIC
    assert set(dir(impasto)) == PUBLIC


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_each_public_name_resolves_and_is_documented(name: str) -> None:
    value = getattr(impasto, name)
    assert name == "__version__" or value.__doc__


def test_type_checkers_see_the_same_names() -> None:
    tree = ast.parse(Path(impasto.__file__).read_text(encoding="utf-8"))
    guarded = [node for node in tree.body if isinstance(node, ast.If)]
    seen = {
        alias.asname: node.module
        for node in ast.walk(guarded[0])
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == impasto.HOMES


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'paint'"):
        impasto.paint  # noqa: B018


def test_the_package_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "impasto", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"impasto {impasto.__version__}\n"
