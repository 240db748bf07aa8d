"""Foreign pages and names get nothing, and our own pages run only our own scripts."""

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

HOSTS = (
    "evil.example.org", "127.0.0.1.nip.io", "localhost.example.org", "127.0.0.1@example.org",
    "example.org:127", "[::ffff:1.2.3.4]", "0x7f.1", "", "127.0.0.1.", "localhost,example.org",
)  # fmt: skip
ORIGINS = ("https://evil.example.org", "null", "http://127.0.0.1.example.org", "http://127.0.0.1:81",
           "http://localhost@evil.org", "file://", "http://[::1", "")  # fmt: skip


@pytest.mark.parametrize("host", HOSTS)
def test_other_names_for_this_machine_are_refused(shared: TestClient, host: str) -> None:
    """A page whose name was made to point here (DNS rebinding) reads nothing."""
    response = shared.get("/v1/assets", headers={"Host": host})
    assert response.status_code in (400, 421)


@pytest.mark.parametrize("origin", ORIGINS)
def test_foreign_pages_change_nothing_and_read_nothing(
    shared: TestClient, photo: bytes, origin: str
) -> None:
    headers = {"Origin": origin}
    for method, path in (("POST", "/v1/assets"), ("POST", "/v1/stylizations"),
                         ("DELETE", "/v1/jobs/a"), ("PUT", "/v1/stylizations/a")):  # fmt: skip
        response = shared.request(method, path, headers=headers, content=photo)
        assert response.status_code == 403, (method, path)
        assert response.json()["type"].endswith("/foreign-origin")
    asked = headers | {"Access-Control-Request-Method": "POST"}
    for response in (
        shared.get("/v1/assets", headers=headers),
        shared.options("/v1/assets", headers=asked),
    ):
        assert not [name for name in response.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("origin", ORIGINS)
def test_foreign_pages_get_no_live_line(shared: TestClient, origin: str) -> None:
    with (
        pytest.raises(WebSocketDisconnect),
        shared.websocket_connect(
            "/v1/live", subprotocols=["impasto.live.v1"], headers={"Origin": origin}
        ),
    ):
        pass


def test_every_answer_is_locked(shared: TestClient) -> None:
    for method, path in (("GET", "/v1/jobs"), ("GET", "/nowhere"), ("GET", "/healthz"),
                         ("POST", "/v1/assets"), ("PATCH", "/v1/jobs"), ("GET", "/v1/assets/x"),
                         ("GET", "/openapi.json")):  # fmt: skip
        headers = shared.request(method, path).headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'") and "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy and "http" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Set-Cookie" not in headers and "Server" not in headers
