"""The server goes nowhere for a client, unless it was started with --fetch; then by one door."""

import socket
from typing import Any

import pytest
from starlette.testclient import TestClient

URLS = (
    "https://example.org/a.png", "http://169.254.169.254/latest/meta-data", "file:///etc/passwd",
    "s3://bucket/key", "simplecache::s3://bucket/key", "data:image/png;base64,AAAA",
    "//example.org/a.png", "\\\\server\\share", "memory://a", "github://a:b@/c", "/etc/passwd",
)  # fmt: skip


@pytest.fixture
def nowhere(shared: TestClient, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """A client whose server may not even look a name up."""

    def refuse(*given: object, **more: object) -> Any:
        raise AssertionError("the server went to the network")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    return shared


@pytest.mark.parametrize("url", URLS)
def test_no_field_takes_an_address(nowhere: TestClient, photo: bytes, url: str) -> None:
    photo_id = nowhere.post("/v1/assets", files={"file": photo}).json()["id"]
    good = {"content": photo_id, "style": "great-wave"}
    for wrong in (
        {"content": url},
        {"style": url},
        {"style": [url, "great-wave"]},
        {"style": f"asset:{url}"},
        {"model": url},
        {"palette": [url]},
        {"regions": [{"mask": url, "style": None}]},
        {"regions": [{"mask": photo_id, "style": url}]},
        {"output": {"format": url}},
    ):
        response = nowhere.post("/v1/stylizations", json=good | wrong)
        assert 400 <= response.status_code < 500, (wrong, response.text)
        assert response.json()["type"].startswith("https://impasto.dev/problems/")


def test_nothing_is_fetched_or_told_unless_allowed(nowhere: TestClient, photo: bytes) -> None:
    assert nowhere.post("/v1/assets", json={"url": URLS[0]}).status_code == 403
    photo_id = nowhere.post("/v1/assets", files={"file": photo}).json()["id"]
    body = {"content": photo_id, "style": "great-wave", "webhook": {"url": URLS[0]}}
    response = nowhere.post("/v1/stylizations", json=body)
    assert response.status_code == 403 and "--fetch" in response.json()["detail"]
