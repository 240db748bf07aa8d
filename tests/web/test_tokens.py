"""A server that asks for tokens: the link that was printed is all that a user needs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, expect
from tests.web.kit import Studio, StudioServer

from impasto.serving.guards.tokens import FILE, Tokens


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a server."""
    folder = tmp_path_factory.mktemp("guarded")
    (folder / "data").mkdir()
    return folder


@pytest.fixture(scope="module")
def token(folder: Path) -> str:
    """The token of somebody who may use the server."""
    tokens = Tokens(folder / "data" / FILE)
    token, _ = tokens.add("anna")
    tokens.close()
    return token


@pytest.fixture(scope="module")
def guarded(folder: Path, token: str, own_folders: None) -> Iterator[StudioServer]:
    """A server that answers nobody without the token."""
    server = StudioServer(folder)
    yield server
    server.stop()


@pytest.fixture
def studio(window: Page, guarded: StudioServer) -> Iterator[Studio]:
    """The page of that server."""
    studio = Studio(window, guarded)
    yield studio
    studio.close()
    studio.check()


def test_without_the_token_the_page_says_what_is_missing(studio: Studio) -> None:
    studio.forgive("status of 401")
    page = studio.open()
    expect(page.get_by_role("alert")).to_contain_text("needs a token")


def test_with_the_link_everything_works(
    studio: Studio, token: str, picture: Path, tmp_path: Path
) -> None:
    asked: list[Request] = []
    page = studio.page
    page.on("request", lambda one: asked.append(one))
    studio.open(hash=f"#token={token}")
    assert token not in page.url
    tile = page.locator("[data-style='great-wave'] img")  # previews are pictures behind the token
    tile.scroll_into_view_if_needed()
    expect(tile).not_to_have_js_property("naturalWidth", 0)
    studio.give(picture)
    studio.until("now.selected !== null")
    studio.set({"settings": {"strength": 0.3}})  # held: only the live line can show it
    studio.until("viewer.dataset.ms && now.selected === null")
    studio.set({}, history=True)
    studio.until("now.selected !== null && now.results.length === 2")
    page.get_by_role("button", name="Save", exact=True).first.click()
    dialog = page.get_by_role("dialog", name="Save the painting")
    with page.expect_download() as coming:
        dialog.get_by_role("button", name="Save", exact=True).click()
    coming.value.save_as(tmp_path / "saved.png")
    assert (tmp_path / "saved.png").stat().st_size > 0
    given = [one for one in asked if "/v1/" in one.url and not one.url.startswith("ws")]
    assert {one.headers.get("authorization") for one in given} == {f"Bearer {token}"}
    assert all(token not in one.url for one in asked)


def test_masks_of_regions_are_shown_too(studio: Studio, token: str, picture: Path) -> None:
    page = studio.open(hash=f"#token={token}")
    studio.give(picture)
    studio.tab("Regions")
    page.locator("input[data-mask]").set_input_files(picture)
    mask = page.locator("impasto-regions li img")
    expect(mask).not_to_have_js_property("naturalWidth", 0)
