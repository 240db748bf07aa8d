"""The small server is this machine's alone, or that of who knows the token; and says little."""

import http.client
import json
import logging
from collections.abc import Mapping
from threading import Thread

import pytest

from impasto.errors import UsageError
from impasto.serving.local import LARGEST_BODY, LocalServer, is_loopback
from impasto.serving.messages import Request, Response, as_json

TOKEN = "open-sesame-please"
PAGE = {"X-Impasto": "page", "Content-Type": "application/json"}


def ask(
    server: LocalServer,
    method: str,
    path: str,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> tuple[int, dict[str, str], bytes]:
    """Send a request as it is, and return status, headers and body."""
    client = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=20)
    try:
        client.request(method, path, body, dict(headers or {}))
        response = client.getresponse()
        return response.status, dict(response.getheaders()), response.read()
    finally:
        client.close()


def test_a_whole_answer_goes_over_the_wire(server: LocalServer) -> None:
    status, _, body = ask(server, "GET", "/api/next?rater=Ann%20Lee&rater=Bob")
    question = json.loads(body)["question"]
    assert status == 200
    status, headers, picture = ask(server, "GET", f"/pictures/{question['left']}")
    assert (status, headers["Content-Type"], picture[:4]) == (200, "image/png", b"\x89PNG")
    answer = {"rater": "Ann Lee", "choice": "tie"} | {k: question[k] for k in ("left", "right")}
    status, _, body = ask(server, "POST", "/api/comparison", PAGE, json.dumps(answer).encode())
    assert status == 201
    address = f"/api/comparison/{json.loads(body)['id']}?rater=Ann%20Lee"
    assert ask(server, "DELETE", address)[0] == 403
    assert ask(server, "DELETE", address, {"X-Impasto": "page"})[0] == 200


def test_every_response_is_locked_down(server: LocalServer) -> None:
    for path in ("/", "/rate.js", "/api/next", "/nothing", "/api/next?" + "a=1&" * 20):
        _, headers, _ = ask(server, "GET", path)
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in headers
        assert "Python" not in headers["Server"]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200),
        ("localhost:1234", 200),
        ("[::1]:80", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("127.0.0.1@evil.example", 421),
        ("", 421),
        ("[", 421),
    ],
)
def test_foreign_names_for_this_machine_are_refused(
    server: LocalServer, host: str, status: int
) -> None:
    assert ask(server, "GET", "/", {"Host": host})[0] == status


@pytest.mark.parametrize(
    ("changed", "body", "status"),
    [
        ({"X-Impasto": ""}, b"{}", 403),
        ({"Origin": "https://evil.example"}, b"{}", 403),
        ({"Origin": "null"}, b"{}", 403),
        ({"Origin": "http://["}, b"{}", 403),
        ({"Content-Type": "text/plain"}, b"{}", 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"a=b", 415),
        ({"Content-Length": "x"}, b"{}", 411),
        ({"Content-Length": "-1"}, b"{}", 411),
        ({"Transfer-Encoding": "chunked"}, b"0\r\n\r\n", 411),
        ({"Content-Length": "99999999999"}, b"{}", 413),
        ({}, b" " * (LARGEST_BODY + 1), 413),
        ({}, b"{", 400),
        ({}, b"[" * 9000, 400),
        ({}, b"[]", 400),
        ({}, b"\xff", 400),
        ({}, b"{}", 422),
    ],
)
def test_posts_of_others_and_wrong_ones_are_refused(
    server: LocalServer, changed: dict[str, str], body: bytes, status: int
) -> None:
    got, _, said = ask(server, "POST", "/api/comparison", PAGE | changed, body)
    assert got == status
    assert "error" in json.loads(said)


def test_the_own_origin_may_post(server: LocalServer) -> None:
    origin = {"Origin": f"http://127.0.0.1:{server.server_port}"}
    assert ask(server, "POST", "/api/comparison", PAGE | origin, b"{}")[0] == 422


def test_a_get_has_no_body_and_other_methods_are_unknown(server: LocalServer) -> None:
    assert ask(server, "GET", "/", body=b"x")[0] == 400
    status, headers, body = ask(server, "PUT", "/<script>")
    assert status == 501 and b"script" not in body
    assert headers["Content-Type"] == "application/json"


def test_pictures_and_answers_need_the_token() -> None:
    def routes(request: Request) -> Response:
        return as_json(request.path)

    with LocalServer(routes, "0.0.0.0", 0, TOKEN) as server:
        thread = Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        try:
            right = {"Authorization": f"Bearer {TOKEN}", "Host": "any.example"}
            assert ask(server, "GET", "/", {"Host": "any.example"})[0] == 200
            for path in ("/api/next", "/pictures/1"):
                assert ask(server, "GET", path)[0] == 401
                assert ask(server, "GET", path, {"Authorization": "Bearer \xe9"})[0] == 401
                assert ask(server, "GET", f"{path}?token={TOKEN}")[0] == 401
                assert ask(server, "GET", path, right)[0] == 200
            for path in ("api/next", "http://any.example//api/next", "///api/next", "/api//next"):
                assert ask(server, "GET", path)[0] in (400, 401)
        finally:
            server.shutdown()
            thread.join()
        assert server.url.endswith(f"/#token={TOKEN}")


def test_what_breaks_is_told_to_the_log_alone(caplog: pytest.LogCaptureFixture) -> None:
    def routes(request: Request) -> Response:
        raise RuntimeError("/home/ann/secret")

    with LocalServer(routes, "127.0.0.1", 0) as server:
        thread = Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        try:
            with caplog.at_level(logging.ERROR, "impasto.serving"):
                status, _, body = ask(server, "GET", "/")
        finally:
            server.shutdown()
            thread.join()
    assert status == 500 and b"secret" not in body
    assert "/home/ann/secret" in caplog.text


def test_a_door_to_others_needs_a_token() -> None:
    def nothing(request: Request) -> Response:
        return as_json(None)

    for host in ("0.0.0.0", "192.168.1.5", "studio.local"):
        with pytest.raises(UsageError, match="--token"):
            LocalServer(nothing, host, 0)
    with pytest.raises(UsageError, match="at least 12"):
        LocalServer(nothing, "127.0.0.1", 0, "short")
    with (
        LocalServer(nothing, "127.0.0.1", 0) as first,
        pytest.raises(UsageError, match="--port 0"),
    ):
        LocalServer(nothing, "127.0.0.1", first.server_port)


def test_loopback() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.8.0.1", "::1", "localhost")))
    assert not any(map(is_loopback, ("0.0.0.0", "::", "10.0.0.1", "example.com", "")))
