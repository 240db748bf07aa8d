"""A small report of real pictures and a server of it; the whole application and a photo."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
import skimage
from PIL import Image
from starlette.testclient import TestClient

from impasto.evaluation.ratings.exhibition import open_exhibition
from impasto.evaluation.ratings.store import NAME, Ratings
from impasto.serving.app import create_app
from impasto.serving.local import LocalServer
from impasto.serving.rating import RatingRoutes
from impasto.serving.workers.inline import InlineExecutor
from impasto.settings.server import ServerSettings
from impasto.web.pages import rating_page

collect_ignore = ["clients"]  # programs that need a client which is generated first
SECRET_WORDS = b"model-is-painter"  # in the pictures' metadata


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """A report folder by the contract: two models, three photos, one style."""
    random, pairs = np.random.default_rng(0), []
    (tmp_path / "content").mkdir()
    for content in ("astronaut", "coffee", "rocket"):
        for model in ("painter", "pack"):
            picture = f"pictures/{model}/{content}__great-wave.jpg"
            (tmp_path / picture).parent.mkdir(parents=True, exist_ok=True)
            pixels = random.integers(0, 255, (24, 32, 3), np.uint8)
            Image.fromarray(pixels).save(tmp_path / picture, comment=SECRET_WORDS)
            pair = {"content": content, "style": "great-wave", "model": model, "picture": picture}
            pairs.append(pair)
        Image.new("RGB", (32, 24)).save(tmp_path / "content" / f"{content}.jpg")
    (tmp_path / "report.json").write_text(
        json.dumps({"schema": "impasto-report/1", "models": [], "pairs": pairs})
    )
    return tmp_path


@pytest.fixture
def routes(report: Path) -> RatingRoutes:
    """What answers the page."""
    return RatingRoutes(open_exhibition(report), Ratings(report / NAME), rating_page())


@pytest.fixture
def server(routes: RatingRoutes) -> Iterator[LocalServer]:
    """A server on a free port of this machine."""
    with LocalServer(routes, "127.0.0.1", 0) as running:
        thread = Thread(target=running.serve_forever, args=[0.01])
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def settings(tmp_path: Path) -> ServerSettings:
    """The settings of a server with a folder of its own."""
    return ServerSettings(folder=tmp_path / "server")


@pytest.fixture
def client(settings: ServerSettings) -> Iterator[TestClient]:
    """A client of the whole application; its jobs run in this process."""
    app = create_app(settings, executor=InlineExecutor())
    with TestClient(app, base_url="http://127.0.0.1") as asking:
        yield asking


@pytest.fixture(scope="session")
def shared_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of one application for all tests that leave it as it was."""
    settings = ServerSettings(folder=tmp_path_factory.mktemp("shared"))
    with TestClient(
        create_app(settings, executor=InlineExecutor()), base_url="http://127.0.0.1"
    ) as asking:
        yield asking


@pytest.fixture(scope="session")
def photo() -> bytes:
    """A photo of 96 x 64 pixels, JPEG."""
    file = io.BytesIO()
    pixels = skimage.data.astronaut()[:192, 100:388]  # type: ignore[no-untyped-call]
    Image.fromarray(pixels).resize((96, 64)).save(file, "JPEG")
    return file.getvalue()
