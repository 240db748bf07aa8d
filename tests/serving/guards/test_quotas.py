"""Quotas, and a queue that is full."""

from pathlib import Path

from starlette.testclient import TestClient

from impasto.serving.app import create_app
from impasto.serving.workers.inline import InlineExecutor
from impasto.settings.server import ServerSettings


def test_a_token_has_its_jobs_a_day(client: TestClient, photo: bytes) -> None:
    token, _ = client.app.state.server.tokens.add("anna", a_day=2)  # type: ignore[attr-defined]
    headers = {"Authorization": f"Bearer {token}"}
    asset = client.post("/v1/assets", content=photo, headers=headers).json()["id"]
    body = {"content": asset, "style": "starry-night"}
    answers = [client.post("/v1/stylizations", json=body, headers=headers) for _ in range(3)]
    assert [one.status_code for one in answers] == [201, 201, 429]
    assert answers[0].headers["ratelimit"].startswith('"day";r=1;t=')
    assert answers[0].headers["ratelimit-policy"] == '"day";q=2;w=86400'
    assert answers[2].json()["type"].endswith("/quota-used")
    assert int(answers[2].headers["retry-after"]) > 0
    again = client.put("/v1/stylizations/mine", json=body, headers=headers)
    assert again.status_code == 429


def test_a_token_has_its_jobs_at_once(client: TestClient, photo: bytes) -> None:
    token, _ = client.app.state.server.tokens.add("anna", queue=2)  # type: ignore[attr-defined]
    headers = {"Authorization": f"Bearer {token}"}
    asset = client.post("/v1/assets", content=photo, headers=headers).json()["id"]
    body = {"contents": [asset] * 3, "style": "starry-night"}
    answer = client.post("/v1/batches", json=body, headers=headers)
    assert (answer.status_code, answer.json()["type"].rsplit("/")[-1]) == (429, "quota-used")


def test_a_full_queue_says_when_to_come_again(tmp_path: Path, photo: bytes) -> None:
    app = create_app(ServerSettings(folder=tmp_path, queue=1), executor=InlineExecutor())
    with TestClient(app, base_url="http://127.0.0.1") as client:
        asset = client.post("/v1/assets", content=photo).json()["id"]
        body = {"contents": [asset] * 9, "style": "starry-night"}
        answer = client.post("/v1/batches", json=body)
        assert answer.status_code == 429
        assert answer.json()["type"].endswith("/queue-full")
        assert int(answer.headers["retry-after"]) > 0
        assert client.get("/v1/jobs").json()["jobs"] == []
