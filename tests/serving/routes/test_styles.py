"""Styles over HTTP: the gallery for all, one's own for their owner alone."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from starlette.testclient import TestClient

from impasto.serving.app import create_app
from impasto.serving.guards.tokens import FILE, Tokens
from impasto.serving.workers.inline import InlineExecutor
from impasto.settings.server import ServerSettings
from impasto.styles.gallery import built_in

LIVE = "ws://127.0.0.1/v1/live"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of one application for all tests."""
    settings = ServerSettings(folder=tmp_path_factory.mktemp("server"), threads=1)
    app = create_app(settings, executor=InlineExecutor())
    with TestClient(app, base_url="http://127.0.0.1") as asking:
        yield asking


@pytest.fixture(scope="module")
def painting(server: TestClient, photo: bytes) -> str:
    """A painting that was uploaded."""
    return str(server.post("/v1/assets", content=photo).json()["id"])


@pytest.fixture(scope="module")
def meadow(server: TestClient, painting: str) -> dict[str, Any]:
    """An own style."""
    response = server.post(
        "/v1/styles", json={"name": "my-meadow", "asset": painting, "title": "A Meadow"}
    )
    assert response.status_code == 201, response.text
    assert response.headers["Location"] == "/v1/styles/my-meadow"
    told: dict[str, Any] = response.json()
    return told


def names(response: Any) -> list[str]:
    assert response.status_code == 200, response.text
    return [one["name"] for one in response.json()["styles"]]


def test_pages_together_are_the_gallery(server: TestClient) -> None:
    found: list[str] = []
    after: str | None = ""
    while after is not None:
        page = server.get("/v1/styles", params={"limit": 30, "after": after})
        found += names(page)
        after = page.json()["next"]
    assert set(built_in()) <= set(found) and len(found) == len(set(found))
    assert found == sorted(found)


def test_words_and_tags_find_styles(server: TestClient) -> None:
    assert names(server.get("/v1/styles?q=stary+night"))[0] == "starry-night"
    tagged = names(server.get("/v1/styles?tag=ukiyo-e&limit=500"))
    assert "great-wave" in tagged and len(tagged) < len(built_in())
    assert names(server.get("/v1/styles?q=zzzzqqqq")) == []


def test_a_style_tells_whose_it_is_and_shows_itself(server: TestClient) -> None:
    told = server.get("/v1/styles/starry-night").json()
    assert (told["title"], told["artist"]) == ("The Starry Night", "Vincent van Gogh")
    assert told["kind"] == "gallery" and "blue" in told["tags"] and told["palette"]
    preview = server.get(told["preview"])
    assert preview.headers["Content-Type"] == "image/jpeg"
    assert Image.open(io.BytesIO(preview.content)).format == "JPEG"


@pytest.mark.parametrize("name", ["no-such-style", "..", "%2e%2e%2fpainter", "starry-night.style"])
def test_what_is_not_there_is_404(server: TestClient, name: str) -> None:
    for path in (f"/v1/styles/{name}", f"/v1/styles/{name}/preview"):
        assert server.get(path).status_code in (404, 405)
    assert server.delete(f"/v1/styles/{name}").status_code in (404, 405)
    assert server.delete("/v1/styles/starry-night").status_code == 404


def test_an_own_style_is_listed_and_shown(
    server: TestClient, meadow: dict[str, Any], photo: bytes
) -> None:
    assert meadow["kind"] == "own" and meadow["palette"] and meadow["title"] == "A Meadow"
    assert "my-meadow" in names(server.get("/v1/styles?q=meadow"))
    assert server.get("/v1/styles/my-meadow").json() == meadow
    shown = Image.open(io.BytesIO(server.get(meadow["preview"]).content))
    assert shown.size == Image.open(io.BytesIO(photo)).size


def test_an_own_style_paints_as_its_painting(
    server: TestClient, meadow: dict[str, Any], painting: str
) -> None:
    pictures = []
    for style in ("my-meadow:0.5", f"asset:{painting}", f"asset:{meadow['asset']}"):
        response = server.post(
            "/v1/stylizations",
            json={"content": painting, "style": style, "output": {"format": "png"}},
            headers={"Prefer": "wait=60"},
        )
        assert response.status_code == 200, response.text
        pictures.append(Image.open(io.BytesIO(response.content)).tobytes())
    assert pictures[0] == pictures[1] == pictures[2]


def test_an_own_style_is_live_also_in_a_region(
    server: TestClient, meadow: dict[str, Any], painting: str
) -> None:
    regions = [{"mask": painting, "style": ["my-meadow"]}]
    with server.websocket_connect(LIVE) as line:
        line.send_json({"content": painting, "style": ["my-meadow", "great-wave"], "size": 32,
                        "regions": regions})  # fmt: skip
        assert line.receive_json()["width"] == 32


def test_names_are_taken_once(server: TestClient, meadow: dict[str, Any], painting: str) -> None:
    for name in ("my-meadow", "starry-night"):
        response = server.post("/v1/styles", json={"name": name, "asset": painting})
        assert response.status_code == 409
        assert response.json()["type"].endswith("/style-taken")


@pytest.mark.parametrize(
    "name",
    ["meadow", "My-Meadow", "my_meadow", "../my-meadow", "my-", "a" * 70 + "-b", "my meadow"],
)
def test_a_name_is_words_with_hyphens(server: TestClient, painting: str, name: str) -> None:
    response = server.post("/v1/styles", json={"name": name, "asset": painting})
    assert response.status_code == 422


def test_a_form_brings_the_painting(server: TestClient, photo: bytes) -> None:
    form = {"name": "my-form", "artist": "Me"}
    response = server.post("/v1/styles", data=form, files={"file": ("x.jpg", photo)})
    assert response.status_code == 201 and response.json()["artist"] == "Me"
    assert server.delete("/v1/styles/my-form").status_code == 204
    assert server.get("/v1/styles/my-form").status_code == 404
    assert server.delete("/v1/styles/my-form").status_code == 404


def test_a_style_of_nothing_is_refused(server: TestClient) -> None:
    response = server.post("/v1/styles", json={"name": "my-nothing", "asset": "0" * 64})
    assert response.status_code == 404 and response.json()["type"].endswith("/unknown-asset")


def test_what_an_own_style_needs_does_not_expire(
    server: TestClient, meadow: dict[str, Any], painting: str
) -> None:
    expires = server.get("/v1/assets").json()["assets"]
    kept = {one["id"]: one["expires"] for one in expires}
    assert kept[meadow["asset"]] > "2100" and kept[painting] > "2100"


def test_others_do_not_see_it(tmp_path: Path, photo: bytes) -> None:
    folder = tmp_path / "server"
    tokens = Tokens(folder / FILE)
    keys = {name: {"Authorization": f"Bearer {tokens.add(name)[0]}"} for name in ("ann", "bob")}
    tokens.close()
    app = create_app(ServerSettings(folder=folder, threads=1), executor=InlineExecutor())
    with TestClient(app, base_url="http://127.0.0.1") as asking:
        files, form = {"asset": ("x.jpg", photo)}, {"name": "my-secret"}
        made = asking.post("/v1/styles", data=form, files=files, headers=keys["ann"])
        assert made.status_code == 201, made.text
        for path in ("/v1/styles/my-secret", "/v1/styles/my-secret/preview"):
            assert asking.get(path, headers=keys["ann"]).status_code == 200
            assert asking.get(path, headers=keys["bob"]).status_code == 404
        assert names(asking.get("/v1/styles?q=secret", headers=keys["bob"])) == []
        assert asking.delete("/v1/styles/my-secret", headers=keys["bob"]).status_code == 404
        mine = asking.post("/v1/assets", content=photo, headers=keys["bob"]).json()["id"]
        body = {"content": mine, "style": "my-secret"}
        assert asking.post("/v1/stylizations", json=body, headers=keys["bob"]).status_code == 404
