"""Clients that others generate from the description, against a real server; needs a network."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.serving.real import started

from impasto.serving.app import create_app
from impasto.settings.server import ServerSettings

HERE = Path(__file__).parent / "clients"
TYPESCRIPT = {
    "type": "module",
    "compilerOptions": {
        "strict": True,
        "module": "nodenext",
        "target": "es2022",
        "skipLibCheck": True,
        "types": ["node"],
    },
    "files": ["use_typescript.ts"],
}
PACKAGES = ("openapi-typescript@7", "openapi-fetch@0", "typescript@5", "@types/node@22")


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """The address of a server of its own."""
    with started(tmp_path / "server") as server:
        yield server.url


@pytest.fixture
def files(tmp_path: Path, photo: bytes) -> Path:
    """A folder with the description and a photo."""
    description = create_app(ServerSettings(folder=tmp_path)).openapi()
    (tmp_path / "openapi.json").write_text(json.dumps(description))
    (tmp_path / "photo.jpg").write_bytes(photo)
    return tmp_path


def run(folder: Path, *words: str) -> None:
    """Run a program that must succeed."""
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.soak
def test_a_python_client_works(files: Path, url: str) -> None:
    python = str(files / "venv" / "bin" / "python")
    run(files, sys.executable, "-m", "venv", "venv")
    run(files, python, "-m", "pip", "install", "-q", "openapi-python-client>=0.26")
    config, place = str(HERE / "generator.json"), str(files / "impasto_client")
    made = ("generate", "--path", "openapi.json", "--output-path", place, "--meta", "none")
    run(files, str(files / "venv" / "bin" / "openapi-python-client"), *made, "--config", config)
    run(files, python, str(HERE / "use_python.py"), url, "photo.jpg")


@pytest.mark.soak
def test_a_typescript_client_works(files: Path, url: str) -> None:
    (files / "package.json").write_text('{"type": "module"}')
    (files / "tsconfig.json").write_text(json.dumps(TYPESCRIPT))
    (files / "use_typescript.ts").write_text((HERE / "use_typescript.ts").read_text())
    run(files, "npm", "install", "--silent", *PACKAGES)
    optional = "--default-non-nullable=false"  # what has a default may be left out
    run(files, "npx", "openapi-typescript", "openapi.json", "-o", "api.ts", optional)
    run(files, "npx", "tsc", "-p", ".")
    run(files, "node", "use_typescript.js", url, "photo.jpg")
