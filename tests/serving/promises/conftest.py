"""A real server in a hurry, which leaves slow clients after two seconds; a shared application."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.serving.real import Real, started

from impasto.serving.app import create_app
from impasto.serving.workers.inline import InlineExecutor
from impasto.settings.server import ServerSettings

PATIENCE_S = 2.0
HASTY = f"""
import sys
from impasto.serving import running
from impasto.serving.guards.bodies import LimitBodies
running.HEADERS_S = {PATIENCE_S}
LimitBodies.__init__.__defaults__ = ({PATIENCE_S},)
from impasto.__main__ import run
sys.argv[0] = "impasto"
run()
"""


@pytest.fixture(scope="session")
def real(own_folders: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    """The one real server of these tests; a body has at most 2 MB."""
    folder = tmp_path_factory.mktemp("real") / "server"
    limits = ("--workers", "1", "--threads", "1", "--max-body", "2")
    with started(folder, *limits, program=HASTY) as server:
        yield server


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the one application, in a folder of its own."""
    return tmp_path_factory.mktemp("shared") / "server"


@pytest.fixture(scope="session")
def shared(own_folders: None, shared_folder: Path) -> Iterator[TestClient]:
    """A client of one application for many tests: what one of them breaks, the next notices."""
    app = create_app(ServerSettings(folder=shared_folder), executor=InlineExecutor())
    with TestClient(app, base_url="http://127.0.0.1") as asking:
        yield asking
