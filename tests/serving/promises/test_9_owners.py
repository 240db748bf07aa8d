"""Whoever has a token sees what belongs to it and nothing else; of tokens only hashes are kept."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from impasto.serving.app import create_app
from impasto.serving.guards.tokens import Tokens, from_environment
from impasto.serving.jobs.store import JobStore
from impasto.serving.workers.inline import InlineExecutor
from impasto.settings.server import ServerSettings

OPEN = {"/healthz", "/readyz", "/openapi.json"}


@dataclass
class Two:
    """An application, two tokens of it, and where it lies."""

    client: TestClient
    ann: str
    bob: str
    folder: Path

    def ask(self, token: str, method: str, path: str, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}"} | options.pop("headers", {})
        return self.client.request(method, path, headers=headers, **options)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory, own_folders: None) -> Iterator[Two]:
    folder = tmp_path_factory.mktemp("server")
    tokens = from_environment(folder, {})
    (ann, _), (bob, _) = tokens.add("ann"), tokens.add("bob", queue=1)
    tokens.close()
    app = create_app(ServerSettings(folder=folder), executor=InlineExecutor())
    with TestClient(app, base_url="http://127.0.0.1") as client:
        yield Two(client, ann, bob, folder)


@pytest.fixture
def photo(photo: bytes, request: pytest.FixtureRequest) -> bytes:
    """A photo that no other test has uploaded for anybody."""
    return photo + str(request.node.name).encode()


def painted(two: Two, token: str, photo: bytes) -> dict[str, Any]:
    response = two.ask(
        token, "POST", "/v1/stylizations", files={"content": photo},
        data={"style": "great-wave"}, headers={"Prefer": "wait", "Accept": "application/json"},
    )  # fmt: skip
    assert response.status_code == 201, response.text
    job: dict[str, Any] = response.json()
    assert job["state"] == "succeeded", job
    return job


def test_tokens_are_nowhere_on_disk(two: Two, photo: bytes) -> None:
    painted(two, two.ann, photo)
    for path in two.folder.rglob("*"):
        if path.is_file():
            assert two.ann.encode() not in path.read_bytes(), path


def test_only_the_whole_token_is_right(two: Two) -> None:
    hashed = sha256(two.ann.encode()).hexdigest()
    wrong = (two.ann[:-1], two.ann + "a", two.ann.upper(), "", " ", "a" * 10_000, hashed, "ann",
             two.ann.replace("_", "-"), "'; drop table tokens; --", "\u00e9")  # fmt: skip
    for token in wrong:
        headers = {b"Authorization": f"Bearer {token}".encode()}
        assert two.client.get("/v1/jobs", headers=headers).status_code == 401, token
    for value in (f"Basic {two.ann}", two.ann, f"Bearer{two.ann}"):
        assert two.client.get("/v1/jobs", headers={"Authorization": value}).status_code == 401
    query = {"token": two.ann, "access_token": two.ann}
    assert two.client.get("/v1/jobs", params=query).status_code == 401
    assert two.ask(two.ann, "GET", "/v1/jobs").status_code == 200


def test_what_is_compared_takes_the_same_time(tmp_path: Path, monkeypatch: Any) -> None:
    """The token itself is compared by its hash alone, in constant time."""
    compared: list[tuple[bytes, bytes]] = []

    def compare(a: bytes, b: bytes) -> bool:
        compared.append((a, b))
        return a == b

    monkeypatch.setattr(hmac, "compare_digest", compare)
    tokens = from_environment(tmp_path, {"IMPASTO_TOKEN": "a-long-enough-token"})
    assert tokens.check("another-long-token") is None
    assert tokens.check("a-long-enough-token") is not None
    assert compared and all(len(a) == len(b) == 32 for a, b in compared)


def routes(two: Two) -> Iterator[tuple[str, str]]:
    for path, methods in two.client.get("/openapi.json").json()["paths"].items():
        for method in methods:
            if path not in OPEN:
                yield method.upper(), path


def test_every_route_asks_for_a_token(two: Two) -> None:
    asked = list(routes(two))
    assert len(asked) > 20
    for method, path in asked:
        path = path.replace("{id}", "0" * 64).replace("{name}", "great-wave")
        response = two.client.request(method, path)
        assert response.status_code == 401, (method, path, response.status_code)
        assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_routes_that_are_not_described_ask_for_one_too(two: Two) -> None:
    for path in ("/rate/api/next", "/rate/pictures/a.jpg", "/rate/api/answers"):
        assert two.client.get(path).status_code == 401
    line = two.client.websocket_connect("/v1/live", subprotocols=["impasto.live.v1"])
    with pytest.raises(WebSocketDisconnect), line:
        pass


def test_others_on_the_machine_cannot_read_the_folder(tmp_path: Path) -> None:
    for make in (
        lambda folder: JobStore(folder / "jobs.sqlite"),
        lambda folder: from_environment(folder, {}),
    ):
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        made = make(folder)
        if isinstance(made, Tokens):
            made.add("ann")
        made.close()
        assert folder.stat().st_mode & 0o077 == 0


def test_a_style_of_ones_own_is_not_there_for_others(two: Two, photo: bytes) -> None:
    form = {"files": {"asset": photo}, "data": {"name": "my-own"}}
    response = two.ask(two.ann, "POST", "/v1/styles", **form)
    assert response.status_code == 201, response.text
    style = response.json()
    for path in ("/v1/styles/my-own", "/v1/styles/my-own/preview"):
        assert two.ask(two.ann, "GET", path).status_code == 200
        assert two.ask(two.bob, "GET", path).status_code == 404
    assert two.ask(two.bob, "DELETE", "/v1/styles/my-own").status_code == 404
    assert "my-own" not in two.ask(two.bob, "GET", "/v1/styles?limit=500").text
    two.ask(two.bob, "POST", "/v1/assets", files={"file": photo})
    for word in ("my-own", f"asset:{style['asset']}"):
        body = {"content": sha256(photo).hexdigest(), "style": word}
        assert two.ask(two.bob, "POST", "/v1/stylizations", json=body).status_code == 404


def test_what_is_anothers_is_as_if_it_were_not_there(two: Two, photo: bytes) -> None:
    job = painted(two, two.ann, photo)
    asset = job["outputs"][0]["asset"]
    ids = {"jobs": (job["id"], "no-such-job"), "assets": (asset, "0" * 64)}
    tried = 0
    for method, path in routes(two):
        room = path.split("/")[2] if path.count("/") > 1 else ""
        if "{id}" not in path or room not in ids:
            continue
        there, missing = ids[room]
        answers = [two.ask(two.bob, method, path.replace("{id}", id)) for id in (there, missing)]
        assert [answer.status_code for answer in answers] == [404, 404], (method, path)
        words = [
            answer.text.replace(id, "ID")
            for answer, id in zip(answers, (there, missing), strict=True)
        ]
        told = [text.partition('"instance"')[0] for text in words]
        assert told[0] == told[1], "the words must not tell that it is there"
        tried += 1
    assert tried >= 8
    assert two.ask(two.ann, "GET", f"/v1/assets/{asset}").status_code == 200
    assert two.ask(two.ann, "GET", f"/v1/jobs/{job['id']}").status_code == 200


def test_lists_show_ones_own_alone(two: Two, photo: bytes) -> None:
    job = painted(two, two.ann, photo)
    for path in ("/v1/jobs", "/v1/assets"):
        told = two.ask(two.bob, "GET", path).text
        assert job["id"] not in told and job["outputs"][0]["asset"] not in told


def test_anothers_picture_cannot_be_painted(two: Two, photo: bytes) -> None:
    content = painted(two, two.ann, photo)["request"]["content"]
    for body in (
        {"content": content, "style": "great-wave"},
        {"content": content, "style": f"asset:{content}"},
    ):
        response = two.ask(two.bob, "POST", "/v1/stylizations", json=body)
        assert response.status_code == 404
        assert response.json()["type"].endswith("/unknown-asset")


def test_the_same_id_of_two_owners_is_not_the_same_job(two: Two, photo: bytes) -> None:
    for token in (two.ann, two.bob):
        two.ask(token, "POST", "/v1/assets", files={"file": photo})
    body = {"content": sha256(photo).hexdigest(), "style": "great-wave"}
    mine = two.ask(two.ann, "PUT", "/v1/stylizations/my-own", json=body)
    assert mine.status_code == 201
    assert two.ask(two.bob, "PUT", "/v1/stylizations/my-own", json=body).status_code == 409
    key = {"Idempotency-Key": "one"}
    answers = [
        two.ask(token, "POST", "/v1/stylizations", json=body, headers=key)
        for token in (two.ann, two.bob)
    ]
    assert answers[0].json()["id"] != answers[1].json()["id"]


def test_a_quota_is_kept(two: Two, photo: bytes) -> None:
    two.ask(two.bob, "POST", "/v1/assets", files={"file": photo})
    body = {"contents": [sha256(photo).hexdigest()] * 3, "style": "great-wave"}
    response = two.ask(two.bob, "POST", "/v1/batches", json=body)
    assert response.status_code == 413 and "at most 1 photo " in response.json()["detail"]
