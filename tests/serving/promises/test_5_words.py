"""What a library says never reaches a client: only our own words, and a number for the log."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from impasto.serving.app import create_app
from impasto.serving.assets import Assets
from impasto.serving.workers.base import Event, Outcome, Task
from impasto.serving.workers.inline import InlineExecutor
from impasto.settings.server import ServerSettings

SECRET = "<_io.BytesIO object at 0x7f51d00d> in /etc/shadow"


@pytest.fixture
def patient(settings: ServerSettings) -> Iterator[TestClient]:
    """A client that shows an error of the server as other clients see it."""
    app = create_app(settings, executor=Talkative())
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as asking:
        yield asking


class Talkative(InlineExecutor):
    """An executor that fails with words that are nobody's business."""

    async def run(self, task: Task, on_event: Callable[[Event], None]) -> Outcome:
        raise RuntimeError(SECRET)


def test_what_a_route_raises_is_told_by_a_number(
    patient: TestClient, monkeypatch: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*given: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(Assets, "list", broken)
    with caplog.at_level(logging.ERROR):
        response = patient.get("/v1/assets")
    assert response.status_code == 500
    problem = response.json()
    assert problem["type"].endswith("/internal-error")
    assert "0x7f" not in response.text and "shadow" not in response.text
    assert problem["instance"] in caplog.text and SECRET in caplog.text


def test_what_a_job_raises_is_told_by_its_kind(patient: TestClient, photo: bytes) -> None:
    form = {"files": {"content": photo}, "data": {"style": "great-wave"}}
    response = patient.post("/v1/stylizations", headers={"Prefer": "wait"}, **form)  # type: ignore[arg-type]
    assert response.status_code == 500 and response.json()["type"].endswith("/internal-error")
    job = patient.get(response.json()["instance"])
    events = patient.get(f"{response.json()['instance']}/events")
    for told in (response, job, events):
        assert "0x7f" not in told.text and "shadow" not in told.text and "Runtime" not in told.text


BEGINNINGS = (
    b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"II*\0", b"RIFF\x10\x10\0\0WEBP",
    b"\0\0\0\x20ftypavif", b"BM\x60\0\0\0\0\0\0\0",
)  # fmt: skip


@pytest.mark.parametrize("begin", BEGINNINGS)
def test_decoders_say_nothing_themselves(shared: TestClient, begin: bytes) -> None:
    response = shared.post("/v1/assets", files={"file": begin + b"garbage" * 40})
    assert response.status_code in (413, 415, 422)
    for word in (
        "0x",
        "PIL",
        "Pillow",
        "BytesIO",
        "Error",
        "/tmp",
        "arriving",
        "Traceback",
        "cannot identify",
    ):
        assert word not in response.text


@pytest.mark.parametrize(
    ("method", "path", "options"),
    [
        (
            "POST",
            "/v1/stylizations",
            {"content": b"{", "headers": {"Content-Type": "application/json"}},
        ),
        ("POST", "/v1/stylizations", {"json": {"content": 3, "style": {"a": []}}}),
        (
            "POST",
            "/v1/stylizations",
            {"content": b"--x", "headers": {"Content-Type": "multipart/form-data"}},
        ),
        (
            "POST",
            "/v1/assets",
            {"content": b"--x\r\n", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
        ),
        ("POST", "/v1/trainings", {"json": {"recipe": "style"}}),
        ("GET", "/v1/jobs", {"params": {"limit": "many"}}),
        ("GET", "/v1/jobs/%00", {}),
        ("GET", "/v1/assets/xyz", {}),
        ("PATCH", "/v1/jobs", {}),
        ("GET", "/nowhere", {}),
    ],
)
def test_every_refusal_is_a_problem_in_our_words(
    shared: TestClient, method: str, path: str, options: dict[str, Any]
) -> None:
    response = shared.request(method, path, **options)
    assert 400 <= response.status_code < 500
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == response.status_code and problem["title"]
    for word in ("pydantic", "Traceback", "Error", "starlette", "python", "ctx", "object at"):
        assert word not in response.text
