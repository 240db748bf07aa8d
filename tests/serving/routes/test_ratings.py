"""Ratings over HTTP: of one's own results alone, and the last word counts."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from impasto.serving.app import create_app
from impasto.serving.workers.inline import InlineExecutor
from impasto.settings.server import ServerSettings


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, photo: bytes) -> Iterator[TestClient]:
    """A client of one application, with the jobs "plain", "strong", "again" and "other"."""
    settings = ServerSettings(folder=tmp_path_factory.mktemp("server"))
    app = create_app(settings, executor=InlineExecutor())
    with TestClient(app, base_url="http://127.0.0.1") as asking:
        asset = asking.post("/v1/assets", content=photo).json()["id"]
        for id, style, more in (
            ("plain", "great-wave", {}),
            ("strong", "great-wave", {"strength": 1.5}),
            ("again", ["great-wave"], {"output": {"format": "png"}}),
            ("other", "starry-night", {}),
        ):
            body = {"content": asset, "style": style, **more}
            made = asking.put(f"/v1/stylizations/{id}", json=body, headers={"Prefer": "wait=60"})
            assert made.status_code == 200, made.text
        yield asking


def rate(server: TestClient, **body: Any) -> str:
    response = server.post("/v1/ratings", json=body)
    assert response.status_code == 201, response.text
    return str(response.json()["id"])


def stars_of(server: TestClient, *jobs: str) -> dict[str, int]:
    told = server.get("/v1/ratings", params={"job": jobs})
    assert told.status_code == 200, told.text
    return {one["job"]: one["stars"] for one in told.json()["ratings"]}


def test_the_last_stars_count_for_all_that_was_painted_alike(server: TestClient) -> None:
    rate(server, job="plain", stars=2, comment="dull")
    assert stars_of(server, "plain", "strong", "again") == {"plain": 2, "again": 2}
    id = rate(server, job="plain", stars=5)
    assert stars_of(server, "plain") == {"plain": 5}
    assert server.delete(f"/v1/ratings/{id}").status_code == 204
    assert stars_of(server, "plain") == {}
    assert server.delete(f"/v1/ratings/{id}").status_code == 404


def test_comparisons_make_scores(server: TestClient) -> None:
    rate(server, left="plain", right="strong", choice="right", milliseconds=900)
    rate(server, left="plain", right="other", choice="tie")
    told = server.get("/v1/ratings/summary").json()
    assert told["comparisons"] == 2
    assert any("strength=1.5" in one["model"] for one in told["scores"])


@pytest.mark.parametrize(
    "body",
    [
        {"left": "plain", "right": "again", "choice": "left"},
        {"left": "plain", "right": "plain", "choice": "left"},
        {"left": "plain", "right": "strong", "choice": "best"},
        {"job": "plain", "stars": 6},
        {"job": "plain", "stars": 3, "comment": "x" * 2001},
        {"job": "plain"},
        {},
    ],
)
def test_what_says_nothing_is_refused(server: TestClient, body: dict[str, Any]) -> None:
    response = server.post("/v1/ratings", json=body)
    assert response.status_code == 422, response.text
    assert response.headers["Content-Type"] == "application/problem+json"


def test_what_is_not_there_cannot_be_judged(server: TestClient) -> None:
    assert server.post("/v1/ratings", json={"job": "no-job", "stars": 3}).status_code == 404
    assert server.get("/v1/ratings", params={"job": ["no-job"]}).status_code == 404
    for id in ("rating-99999", "rating-x", "rating-" + "9" * 40, "nothing"):
        assert server.delete(f"/v1/ratings/{id}").status_code == 404
