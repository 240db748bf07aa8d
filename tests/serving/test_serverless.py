"""Events of function URLs and of API Gateway, as AWS documents them, are answered like requests."""

import asyncio
import base64
import io
import json
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image
from starlette.types import Message, Receive, Scope, Send

from impasto.errors import UsageError
from impasto.serving import serverless
from impasto.serving.serverless import Function, answered, handler, scope_of
from impasto.settings.server import ServerSettings

TOKEN = "a-token-of-the-tests"
HOST = "abcdefgh.lambda-url.eu-central-1.on.aws"
Ask = Callable[..., dict[str, Any]]


def event(
    method: str,
    path: str,
    body: bytes = b"",
    *,
    stage: str = "$default",
    query: str = "",
    **headers: str,
) -> dict[str, Any]:
    """An event with payload version 2.0, as a function URL sends it."""
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path if stage == "$default" else f"/{stage}{path}",
        "rawQueryString": query,
        "headers": {
            "host": HOST,
            "x-forwarded-proto": "https",
            "x-forwarded-for": "203.0.113.9",
            "authorization": f"Bearer {TOKEN}",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        },
        "requestContext": {
            "accountId": "anonymous",
            "apiId": "abcdefgh",
            "domainName": HOST,
            "domainPrefix": "abcdefgh",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "203.0.113.9",
                "userAgent": "curl/8.5.0",
            },
            "requestId": "00000000-0000-0000-0000-000000000000",
            "stage": stage,
            "time": "21/Nov/2026:12:00:00 +0000",
            "timeEpoch": 1795262400000,
        },
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }


def form(photo: bytes, style: str) -> tuple[bytes, str]:
    """The body and type of a form with a photo and a style."""
    parts = [
        b'--limit\r\nContent-Disposition: form-data; name="style"\r\n\r\n' + style.encode(),
        b'--limit\r\nContent-Disposition: form-data; name="content"; filename="a.jpg"\r\n'
        b"Content-Type: image/jpeg\r\n\r\n" + photo,
    ]
    return b"\r\n".join([*parts, b"--limit--", b""]), "multipart/form-data; boundary=limit"


@pytest.fixture
def ask(settings: ServerSettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ask]:
    """The handler of a fresh function with 60 seconds for each event."""
    monkeypatch.setenv("IMPASTO_FOLDER", str(settings.folder))
    monkeypatch.setenv("IMPASTO_TOKEN", TOKEN)
    monkeypatch.setattr(serverless, "_open", [])
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: 60_000)
    yield lambda *given, **more: handler(event(*given, **more), context)
    for function in serverless._open:
        function.close()


def test_a_picture_goes_in_and_a_painting_comes_out(ask: Ask, photo: bytes) -> None:
    body, kind = form(photo, "starry-night")
    answer = ask("POST", "/v1/stylizations", body, content_type=kind, prefer="wait=30")
    assert answer["statusCode"] == 200
    assert answer["isBase64Encoded"] is True
    assert answer["headers"]["content-type"] == "image/jpeg"
    assert Image.open(io.BytesIO(base64.b64decode(answer["body"]))).size == (96, 64)


def test_who_does_not_wait_finds_the_job_done_in_the_next_event(ask: Ask, photo: bytes) -> None:
    body, kind = form(photo, "starry-night")
    made = ask("POST", "/v1/stylizations", body, content_type=kind)
    assert made["statusCode"] == 201
    job = json.loads(ask("GET", made["headers"]["location"])["body"])
    assert job["state"] == "succeeded"


def test_a_job_that_does_not_end_in_time_is_no_success(
    settings: ServerSettings, photo: bytes
) -> None:
    function = Function(settings)
    try:
        body, kind = form(photo, "starry-night")
        asked = event("POST", "/v1/stylizations", body, content_type=kind, host="127.0.0.1")
        answer = function.answer(asked, 0.0)
        assert answer["statusCode"] == 504
        assert json.loads(answer["body"])["type"].endswith("out-of-time")
        listed = event("GET", "/v1/jobs", host="127.0.0.1")
        (job,) = json.loads(function.answer(listed, 60)["body"])["jobs"]
        assert job["state"] != "succeeded"
    finally:
        function.close()


def test_texts_stay_texts_and_stages_are_no_part_of_the_path(ask: Ask) -> None:
    for stage in ("$default", "prod"):
        answer = ask("GET", "/v1/jobs", stage=stage, query="limit=1")
        assert answer["isBase64Encoded"] is False
        assert json.loads(answer["body"])["jobs"] == []


def test_a_token_is_needed_to_open_and_to_ask(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("IMPASTO_TOKEN")
    with pytest.raises(UsageError, match="IMPASTO_TOKEN"):
        ask("GET", "/healthz")
    monkeypatch.setenv("IMPASTO_TOKEN", TOKEN)
    assert ask("GET", "/v1/jobs", authorization="Bearer none")["statusCode"] == 401
    assert ask("GET", "/healthz", host="evil.example")["statusCode"] == 200
    assert ask("GET", "/v1/jobs", host="evil.example")["statusCode"] == 421


def test_what_is_too_large_for_the_platform_says_so() -> None:
    async def large(scope: Scope, receive: Receive, send: Send) -> None:
        start: Message = {"type": "http.response.start", "status": 200, "headers": []}
        await send(start)
        await send({"type": "http.response.body", "body": bytes(5_000_000)})

    answer = asyncio.run(answered(large, event("GET", "/"), 1))
    assert answer["statusCode"] == 413
    assert "4.5 MB" in json.loads(answer["body"])["detail"]


def test_cookies_and_bytes_of_a_path_arrive() -> None:
    given = event("GET", "/v1/styles/caf%C3%A9") | {"cookies": ["a=1", "b=2"]}
    scope = scope_of(given)
    assert scope["path"] == "/v1/styles/café"
    assert dict(scope["headers"])[b"cookie"] == b"a=1; b=2"
