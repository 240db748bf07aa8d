"""The whole application: guards, pages, and problems for everything that goes wrong."""

from pathlib import Path

import pytest
from fastapi import Request
from starlette.responses import Response as AnyResponse
from starlette.testclient import TestClient

from impasto.serving.app import create_app
from impasto.serving.messages import Response
from impasto.serving.workers.inline import InlineExecutor
from impasto.settings.server import ServerSettings


def test_what_fails_unknown_tells_an_id_and_nothing_else(
    settings: ServerSettings, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(settings, executor=InlineExecutor())

    async def fail(request: Request) -> AnyResponse:
        raise RuntimeError("a secret of the inside")

    app.add_route("/fail", fail)
    with TestClient(app, base_url="http://127.0.0.1") as client:
        answer = client.get("/fail")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.json()["type"].endswith("/internal-error")
    assert answer.json()["instance"] in caplog.text  # so that the operator finds it


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/nothing", 404), ("PATCH", "/v1/jobs", 405)]
)
def test_what_is_not_there_is_a_problem(
    shared_client: TestClient, method: str, path: str, status: int
) -> None:
    answer = shared_client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status


def test_every_answer_has_the_headers_that_keep_browsers_in(client: TestClient) -> None:
    for path in ("/healthz", "/nothing", "/v1/jobs", "/openapi.json"):
        headers = client.get(path).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_pages_are_for_everybody(tmp_path: Path) -> None:
    pages = {"/": Response(b"<!doctype html>", "text/html; charset=utf-8")}
    app = create_app(ServerSettings(folder=tmp_path), pages=pages, executor=InlineExecutor())
    with TestClient(app, base_url="http://127.0.0.1") as client:
        app.state.server.tokens.add("anna")
        assert client.get("/").content == b"<!doctype html>"
        assert client.head("/").status_code == 200
        assert client.get("/v1/jobs").status_code == 401


def test_other_origins_may_not_read_unless_they_are_named(tmp_path: Path) -> None:
    settings = ServerSettings(folder=tmp_path, origins=("https://a.example",))
    with TestClient(
        create_app(settings, executor=InlineExecutor()), base_url="http://127.0.0.1"
    ) as client:
        named = client.get("/v1/jobs", headers={"Origin": "https://a.example"})
        other = client.get("/v1/jobs", headers={"Origin": "https://b.example"})
    assert named.headers["access-control-allow-origin"] == "https://a.example"
    assert "access-control-allow-origin" not in other.headers


def test_cors_is_closed(client: TestClient) -> None:
    headers = {"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}
    answer = client.options("/v1/stylizations", headers=headers)
    assert "access-control-allow-origin" not in answer.headers


def test_nothing_comes_from_elsewhere(client: TestClient) -> None:
    assert client.get("/docs").status_code == 404  # FastAPI's own page would load from a CDN
