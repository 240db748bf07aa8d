import asyncio
import hashlib
from dataclasses import replace
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient
from starlette.testclient import TestClient
from tests.serving.outside import http, outside

from impasto.serving.app import create_app
from impasto.serving.workers.inline import InlineExecutor
from impasto.settings.server import ServerSettings

JPEG = {"Content-Type": "image/jpeg"}


def upload(client: TestClient, photo: bytes, **options: Any) -> dict[str, Any]:
    response = client.post("/v1/assets", content=photo, headers=JPEG, **options)
    assert response.status_code == 201, response.text
    told: dict[str, Any] = response.json()
    assert response.headers["Location"] == told["url"]
    return told


def test_bytes_and_forms_give_the_same_asset(client: TestClient, photo: bytes) -> None:
    told = upload(client, photo)
    assert told["id"] == hashlib.sha256(photo).hexdigest()
    assert (told["width"], told["height"], told["size"]) == (96, 64, len(photo))
    form = client.post("/v1/assets", files={"file": ("../../photo.jpg", photo)})
    assert form.status_code == 201 and form.json()["id"] == told["id"]


def test_a_form_holds_one_picture(client: TestClient, photo: bytes) -> None:
    text, several = [("file", (None, b"text"))], [("a", ("a", photo)), ("b", ("b", photo))]
    for parts in (text, several):
        response = client.post("/v1/assets", files=parts)
        assert response.status_code == 400, response.text
        assert response.json()["type"].endswith("/bad-request")


def test_it_comes_back_whole_in_part_or_not_at_all(client: TestClient, photo: bytes) -> None:
    told = upload(client, photo)
    whole = client.get(told["url"])
    assert whole.content == photo and whole.headers["Content-Type"] == "image/jpeg"
    assert whole.headers["ETag"] == f'"{told["id"]}"'
    head = client.head(told["url"])
    assert head.content == b"" and head.headers["Content-Length"] == str(len(photo))
    part = client.get(told["url"], headers={"Range": "bytes=2-9"})
    assert part.status_code == 206 and part.content == photo[2:10]
    same = client.get(told["url"], headers={"If-None-Match": whole.headers["ETag"]})
    assert same.status_code == 304 and same.content == b""


def test_a_browser_runs_nothing_of_it(client: TestClient, photo: bytes) -> None:
    headers = client.get(upload(client, photo)["url"]).headers
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Disposition"].startswith("attachment")


def test_what_is_deleted_is_gone(client: TestClient, photo: bytes) -> None:
    url = upload(client, photo)["url"]
    assert client.delete(url).status_code == 204
    assert client.get(url).status_code == client.delete(url).status_code == 404
    assert client.get(url).json()["type"].endswith("/unknown-asset")


def test_they_are_listed_page_by_page(client: TestClient, photo: bytes) -> None:
    ids = {upload(client, photo + bytes(n))["id"] for n in range(3)}
    first = client.get("/v1/assets", params={"limit": 2}).json()
    rest = client.get("/v1/assets", params={"limit": 2, "after": first["next"]}).json()
    assert {one["id"] for one in first["assets"] + rest["assets"]} == ids
    assert len(first["assets"]) == 2 and rest["next"] is None


def test_nothing_is_fetched_unless_the_server_may(client: TestClient) -> None:
    response = client.post("/v1/assets", json={"url": "https://example.org/a.png"})
    assert response.status_code == 403 and "--fetch" in response.json()["detail"]


def test_a_server_that_may_fetches_a_picture(settings: ServerSettings, photo: bytes) -> None:
    app = create_app(replace(settings, fetch=True), executor=InlineExecutor())

    async def story() -> None:
        async with (
            outside(http(200, photo), http(200, b"<html>" + bytes(99))) as place,
            app.router.lifespan_context(app),
            AsyncClient(transport=ASGITransport(app), base_url="http://127.0.0.1") as asking,
        ):
            app.state.server.outside = place.door()
            response = await asking.post("/v1/assets", json={"url": place.url()})
            assert response.status_code == 201
            assert response.json()["id"] == hashlib.sha256(photo).hexdigest()
            response = await asking.post("/v1/assets", json={"url": place.url()})
            assert response.status_code == 415

    asyncio.run(story())


@pytest.mark.parametrize(
    "body", [{}, {"url": 3}, {"url": "https://a.org", "more": 1}, [], "https://a.org", None]
)
def test_json_is_an_address(client: TestClient, body: object) -> None:
    response = client.post("/v1/assets", json=body)
    assert response.status_code == 422, response.text
