"""A real server, one browser, and pictures for the tests of the pages.

Playwright's loop runs in this thread as long as its browser is open. So browser and server live as
long as this package's tests, not as the session: that is why there is an ``__init__.py`` here.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright
from skimage import data
from tests.web.kit import WAIT, Studio, StudioServer

FLAGS = (
    "--no-sandbox",  # as root there is none
    "--use-fake-device-for-media-stream",  # a camera that shows a moving pattern
    "--use-fake-ui-for-media-stream",
)


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory, own_folders: None) -> Iterator[StudioServer]:
    """The one server of these tests."""
    server = StudioServer(tmp_path_factory.mktemp("server"))
    yield server
    server.stop()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The one browser of these tests: Chromium, without a window."""
    path = os.environ.get("IMPASTO_CHROMIUM") or shutil.which("chromium")
    if path is None or not Path(path).exists():
        pytest.fail(
            "The page's tests need Chromium. Debian, Ubuntu: apt-get install chromium; or name one "
            "as IMPASTO_CHROMIUM=/path/to/chrome",
            pytrace=False,
        )
    expect.set_options(timeout=WAIT)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def window(browser: Browser) -> Page:
    """The one window of the browser: to open another for each test takes longer than the tests."""
    return browser.new_context(accept_downloads=True, permissions=["camera"]).new_page()


@pytest.fixture
def studio(window: Page, server: StudioServer) -> Iterator[Studio]:
    """The studio page, not yet open; after the test nothing may have gone wrong on it."""
    studio = Studio(window, server)
    yield studio
    studio.close()
    studio.check()


@pytest.fixture(scope="session")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small photo of a person, JPEG, 192 x 160."""
    path = tmp_path_factory.mktemp("pictures") / "astronaut.jpg"
    pixels = data.astronaut()[:400, :480]  # type: ignore[no-untyped-call]
    Image.fromarray(pixels).resize((192, 160)).save(path, quality=90)
    return path
