"""Imports flow downwards only, also the ones hidden inside functions; torch stays in its rooms."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = "impasto"
ROOT = Path(__file__).parents[1] / "src" / PACKAGE
FLOORS = [
    {"errors", "version"},
    {"device", "settings"},
    {"images", "weights", "provenance"},
    {"engines", "catalog", "features"},
    {"styles", "losses", "networks"},
    {"methods"},
    {"video", "evaluation"},
    {"training"},
    {"compress"},
    {"batch"},
    {"serving"},
    {"web"},
    {"cli"},
    {"__init__", "__main__"},
]
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
FILES = sorted(ROOT.rglob("*.py"))

# Whole rooms that may import torch, and places within others: the engine that runs on GPUs, the
# method that optimises pixels, and the metrics that networks see.
TORCH_ROOMS = {"features", "losses", "networks", "training", "compress"}
TORCH_PLACES = ("engines/torch.py", "methods/optimize/", "evaluation/deep/")
# The packages of the train and onnx extras, and who may import them at all, however lazily.
TRAINING_PACKAGES = {"torch", "onnx", "onnxscript"}
ENGINE_PACKAGES = {"openvino", "onnxruntime"}


def room_of(path: Path, root: Path = ROOT) -> str:
    """Return the room a file lies in; a file at the top is a room of its own."""
    return path.relative_to(root).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Give the line and full name of everything a file imports, at any depth."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}:{node.lineno} uses a relative import"
            base = node.module or ""
            names = [f"{base}.{alias.name}" for alias in node.names]
            yield from ((node.lineno, name) for name in (names if base == PACKAGE else [base]))


def breaches(path: Path, root: Path = ROOT) -> Iterator[str]:
    """Give one line for every import that does not go down."""
    room = room_of(path, root)
    for line, name in imports(path):
        parts = name.split(".")
        if parts[0] != PACKAGE:
            continue
        other = parts[1] if len(parts) > 1 else "__init__"
        if other not in FLOOR:  # a public name of the root, such as impasto.stylize
            yield f"{path}:{line} imports {name} from the package root"
        elif other != room and FLOOR[other] >= FLOOR[room]:
            yield f"{path}:{line} {room} must not import {other}"


def test_every_room_has_a_floor() -> None:
    assert {room_of(path) for path in FILES} <= FLOOR.keys()


def test_imports_flow_downwards() -> None:
    wrong = [line for path in FILES for line in breaches(path)]
    assert not wrong, "\n".join(wrong)


def test_torch_and_engines_stay_in_their_rooms() -> None:
    wrong = []
    for path in FILES:
        inside = path.relative_to(ROOT).as_posix()
        torch_allowed = room_of(path) in TORCH_ROOMS or inside.startswith(TORCH_PLACES)
        for line, name in imports(path):
            top = name.split(".")[0]
            if top in TRAINING_PACKAGES and not torch_allowed:
                wrong.append(f"{path}:{line} must not import {top}")
            if top in ENGINE_PACKAGES and room_of(path) != "engines":
                wrong.append(f"{path}:{line} must not import {top}: ask the room engines")
    assert not wrong, "\n".join(wrong)


def test_every_room_is_a_package_with_an_empty_init() -> None:
    folders = {path.parent for path in FILES} - {ROOT}
    assert all((folder / "__init__.py").read_bytes() == b"" for folder in folders)


def test_every_file_starts_with_its_door_plate() -> None:
    written = [path for path in FILES if path.name != "__init__.py"]
    bare = [
        str(path) for path in written if not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert not bare, bare


@pytest.mark.parametrize(
    ("where", "code", "caught"),
    [
        ("images/a.py", "def f():\n    import impasto.cli.app", True),
        ("styles/a.py", "from impasto.networks.painter import Painter", True),
        ("cli/a.py", "from impasto import stylize", True),
        ("cli/a.py", "from impasto.styles.gallery import find", False),
        ("styles/a.py", "from impasto.styles.words import parse_word", False),
    ],
)
def test_a_planted_breach_is_caught(tmp_path: Path, where: str, code: str, caught: bool) -> None:
    path = tmp_path / where
    path.parent.mkdir()
    path.write_text(code)
    assert bool(list(breaches(path, tmp_path))) is caught
