"""Quotas, and a queue that is full."""

from pathlib import Path

from starlette.testclient import TestClient

from impasto.serving.app import create_app
from impasto.serving.jobs.job import Lane
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


class Busy(InlineExecutor):
    """Never has room for another task."""

    def free(self, lane: Lane) -> int:
        """Return that nothing can begin."""
        return 0


def test_a_token_has_its_jobs_at_once(tmp_path: Path, photo: bytes) -> None:
    app = create_app(ServerSettings(folder=tmp_path), executor=Busy())
    with TestClient(app, base_url="http://127.0.0.1") as client:
        token, _ = app.state.server.tokens.add("anna", queue=2)
        headers = {"Authorization": f"Bearer {token}"}
        asset = client.post("/v1/assets", content=photo, headers=headers).json()["id"]
        body = {"contents": [asset] * 2, "style": "starry-night"}
        answers = [client.post("/v1/batches", json=body, headers=headers) for _ in range(2)]
        assert [one.status_code for one in answers] == [201, 429]
        assert answers[1].json()["type"].endswith("/quota-used")


def test_a_full_queue_says_when_to_come_again(tmp_path: Path, photo: bytes) -> None:
    app = create_app(ServerSettings(folder=tmp_path, queue=1), executor=Busy())
    with TestClient(app, base_url="http://127.0.0.1") as client:
        asset = client.post("/v1/assets", content=photo).json()["id"]
        body = {"content": asset, "style": "starry-night"}
        first, answer = (client.post("/v1/stylizations", json=body) for _ in range(2))
        assert (first.status_code, answer.status_code) == (201, 429)
        assert answer.json()["type"].endswith("/queue-full")
        assert int(answer.headers["retry-after"]) > 0
        assert len(client.get("/v1/jobs").json()["jobs"]) == 1
