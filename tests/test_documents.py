"""What the documents say is run: commands, Python, make targets, extras and links."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage import data
from tests.serving.real import started

from impasto.cli.app import main
from impasto.images.patterns import render
from impasto.methods.optimize.schedule import scales_of
from impasto.settings.presets import PRESETS
from impasto.settings.recipe_files import read_recipe

ROOT = Path(__file__).parents[1]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "recipes/README.md",
    *sorted((ROOT / "docs").glob("*.md")),
]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# Written before a block that cannot run in a test; its commands are still checked by their help.
NOT_RUN = "<!-- not run: "
# What only a shell understands is run by one; other commands here, so that engines load once.
SHELLS = re.compile(r"[|<>*?$&;`~]")
# Commands that would take minutes are run small.
SMALL = "--steps 2 --size 32 --last-size 32 --batch 2 --held-out 2 --style-size 64 --sample-every 2"
QUICK = {
    "impasto optimize ": "--size 64 --steps 4 --criterion moments",
    "impasto train ": SMALL,
}
# Pages whose blocks go on from each other; those of others stand alone.
STORIES = ("train.md",)
# What asks a server is asked of one that the tests start.
ASKS = "curl "
ADDRESS = "localhost:8000"
# These are done by `make test` itself before any test runs.
SETTING_UP = ("git clone ", "cd ", "python3 -m venv ", "source ", ". ")


@dataclass(frozen=True)
class Block:
    """One fenced block of a page."""

    page: Path
    line: int
    language: str
    text: str
    run: bool

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"

    def commands(self) -> list[str]:
        """Return the shell commands; in a console block they stand behind a dollar."""
        text = self.text.replace("\\\n", " ")
        lines = [line.split("  #")[0].strip() for line in text.splitlines()]
        if self.language == "console":
            lines = [line[2:] for line in lines if line.startswith("$ ")]
        return [line for line in lines if line and not line.startswith("#")]


def blocks(page: Path) -> Iterator[Block]:
    """Give the fenced blocks of a page."""
    text = page.read_text(encoding="utf-8")
    for found in FENCE.finditer(text):
        before = text[: found.start()]
        run = not before.rstrip().rpartition("\n")[2].startswith(NOT_RUN)
        yield Block(page, before.count("\n") + 1, found[1], found[2], run)


BLOCKS = [block for page in PAGES for block in blocks(page)]
SHELL = [block for block in BLOCKS if block.language in ("console", "bash")]
ALONE = [block for block in SHELL if block.page.name not in STORIES]
PYTHON = [block for block in BLOCKS if block.language == "python"]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with the files that the documents speak of."""
    photos = Path(data.__file__).parent
    (tmp_path / "shots").mkdir()
    shutil.copy(photos / "rocket.jpg", tmp_path / "photo.jpg")
    shutil.copy(photos / "rocket.jpg", tmp_path / "shots" / "rocket.jpg")
    shutil.copy(photos / "hubble_deep_field.jpg", tmp_path / "shots" / "sky.jpg")
    shutil.copy(photos / "retina.jpg", tmp_path / "painting.jpg")
    (tmp_path / "photos").mkdir()
    for name in ("rocket.jpg", "astronaut.png", "coffee.png", "chelsea.png", "ihc.png"):
        shutil.copy(photos / name, tmp_path / "photos")
    (tmp_path / "paintings").mkdir()
    for name in ("roman-mosaic", "ink-wash"):
        pixels = np.round(255 * render(name, 0, 128)).astype(np.uint8)
        Image.fromarray(pixels).save(tmp_path / "paintings" / f"{name}.png")
    return tmp_path


def environment() -> dict[str, str]:
    """Return the environment in which ``impasto`` is the one under test."""
    own = Path(sys.executable).parent
    return {**os.environ, "PATH": f"{own}{os.pathsep}{os.environ['PATH']}"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve as the documents say, on a free port; its address."""
    with started(tmp_path_factory.mktemp("served") / "server") as server:
        yield server.url.removeprefix("http://")


def ask(command: str, place: Path, address: str) -> None:
    """Run a command that asks the server; an answer that tells of trouble fails it."""
    words = command.replace("curl ", "curl --fail-with-body --silent --show-error ", 1)
    asked = words.replace(ADDRESS, address)
    done = subprocess.run(["bash", "-c", asked], cwd=place, capture_output=True, text=True)
    assert done.returncode == 0, f"{command}: {done.stdout} {done.stderr}"


def check_words(command: str) -> None:
    """Check what is not run: make targets and extras are there, options are known."""
    words = shlex.split(command)
    if words[0] == "torchrun":  # its own options, then the module that it starts
        words = words[words.index("impasto") :]
    if words[0] == "make":
        targets = (ROOT / "Makefile").read_text(encoding="utf-8")
        named = [word for word in words[1:] if "=" not in word]
        assert all(re.search(rf"^{word}:", targets, re.MULTILINE) for word in named), command
    elif "pip" in words:
        known = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        extras = re.findall(r"\[([\w,]+)\]", command)
        named = [name for extra in extras for name in extra.split(",")]
        assert set(named) <= set(known["project"]["optional-dependencies"]), command
    elif words[0] == "impasto":
        path = [word for word in words[1:3] if re.fullmatch(r"[a-z]+", word)]
        path = path if words[1] in ("styles", "train", "dataset", "evaluate") else path[:1]
        shown = subprocess.run(
            ["impasto", *path, "--help"], env=environment(), capture_output=True, text=True
        )
        assert shown.returncode == 0, f"{command}: {shown.stderr}"
        options = {word.split("=")[0] for word in words if word.startswith("-")}
        assert all(re.search(rf"{option}\b", shown.stdout) for option in options), command
    else:
        assert command.startswith(SETTING_UP), f"nobody checks this command: {command}"


def run_commands(block: Block, place: Path, address: Callable[[], str]) -> None:
    """Run the commands of a block in a folder; of those that cannot run, check the options."""
    for command in block.commands():
        if block.run and command.startswith(ASKS):
            ask(command, place, address())
            continue
        if not block.run or not command.startswith("impasto "):
            check_words(command)
            continue
        if not SHELLS.search(command):
            quick = [small for start, small in QUICK.items() if command.startswith(start)]
            assert main([*shlex.split(command)[1:], *shlex.split(" ".join(quick))]) == 0, command
            continue
        done = subprocess.run(
            ["bash", "-c", command], cwd=place, env=environment(), capture_output=True, text=True
        )
        assert done.returncode == 0, f"{command}: {done.stderr}"


@pytest.mark.parametrize("block", ALONE, ids=str)
def test_commands_run(
    block: Block, place: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.chdir(place)
    run_commands(block, place, lambda: request.getfixturevalue("server"))


@pytest.mark.parametrize("page", STORIES)
def test_stories_run(
    page: str, place: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.chdir(place)
    blocks = [block for block in SHELL if block.page.name == page]
    assert blocks
    for block in blocks:
        run_commands(block, place, lambda: request.getfixturevalue("server"))


RECIPES = [block for block in BLOCKS if block.language == "toml" and "recipe =" in block.text]


@pytest.mark.parametrize("block", RECIPES, ids=str)
def test_recipes_are_read(block: Block, tmp_path: Path) -> None:
    (tmp_path / "recipe.toml").write_text(block.text, encoding="utf-8")
    read_recipe(tmp_path / "recipe.toml")


@pytest.mark.parametrize("block", PYTHON, ids=str)
def test_python_runs(block: Block, place: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", block.text],
        cwd=place, env=environment(), capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_the_readme_has_commands_and_python() -> None:
    readme = ROOT / "README.md"
    assert any(block.page == readme for block in SHELL)
    assert any(block.page == readme for block in PYTHON)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_to_files_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    files = [target for target in targets if not re.match(r"\w+:", target)]
    assert all((page.parent / target).exists() for target in files), files


def test_presets_of_optimization_have_the_steps_that_are_told() -> None:
    page = (ROOT / "docs" / "optimize.md").read_text(encoding="utf-8")
    for name, preset in PRESETS.items():
        if preset.size is not None:
            scales = scales_of(preset, preset.size * 3 // 4, preset.size)
            told = ", ".join(f"{scale.width} × {scale.steps}" for scale in scales)
            assert re.search(rf"^\| `{name}` .* {told}\b", page, re.MULTILINE), f"{name}: {told}"
