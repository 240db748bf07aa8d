"""Photos in, paintings out: at once, as a job, under an id or key of the client's own."""

import io
from typing import Any

import pytest
from PIL import Image
from starlette.testclient import TestClient

from impasto.provenance.disclosure import read_disclosure


@pytest.fixture
def asset(client: TestClient, photo: bytes) -> str:
    """The id of the photo, uploaded."""
    return str(client.post("/v1/assets", content=photo).json()["id"])


def ended(client: TestClient, id: str) -> dict[str, Any]:
    """Return a job that ended; its events end with it."""
    client.get(f"/v1/jobs/{id}/events")
    job: dict[str, Any] = client.get(f"/v1/jobs/{id}").json()
    return job


def test_a_photo_becomes_a_painting_while_one_waits(client: TestClient, photo: bytes) -> None:
    answer = client.post(
        "/v1/stylizations",
        data={"style": "starry-night", "output": '{"format": "png"}'},
        files={"content": ("../../etc/passwd.jpg", photo)},
        headers={"Prefer": "wait=60"},
    )
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/png"
    id = answer.headers["impasto-job"]
    assert answer.headers["link"] == f'</v1/jobs/{id}>; rel="job"'
    assert Image.open(io.BytesIO(answer.content)).size == (96, 64)
    assert client.get(f"/v1/jobs/{id}/output").content == answer.content


def test_without_waiting_it_is_a_job(client: TestClient, asset: str) -> None:
    body = {"content": asset, "style": "starry-night", "strength": 0.5}
    answer = client.post("/v1/stylizations", json=body)
    assert answer.status_code == 201
    job = answer.json()
    assert answer.headers["location"] == job["links"]["self"] == f"/v1/jobs/{job['id']}"
    assert (job["kind"], job["state"], job["request"]) == ("stylization", "starting", body)
    done = ended(client, job["id"])
    assert done["state"] == "succeeded" and done["ended"] >= done["started"] >= done["created"]
    (output,) = done["outputs"]
    assert output["media_type"] == "image/jpeg"
    assert len(client.get(output["url"]).content) == output["size"]


def test_the_job_is_told_where_json_is_wanted(client: TestClient, asset: str) -> None:
    headers = {"Prefer": "wait", "Accept": "application/json"}
    body = {"content": asset, "style": "starry-night"}
    answer = client.post("/v1/stylizations", json=body, headers=headers)
    assert (answer.status_code, answer.json()["state"]) == (201, "succeeded")


def test_a_painting_discloses_what_was_asked(client: TestClient, asset: str, tmp_path: Any) -> None:
    body = {"content": asset, "style": "starry-night", "strength": 0.5}
    answer = client.post("/v1/stylizations", json=body, headers={"Prefer": "wait=60"})
    path = tmp_path / "painting.jpg"
    path.write_bytes(answer.content)
    record = read_disclosure(path)
    assert record is not None and record["settings"]["strength"] == 0.5


def test_the_same_id_makes_one_job(client: TestClient, asset: str) -> None:
    body = {"content": asset, "style": "starry-night"}
    first = client.put("/v1/stylizations/my-photo", json=body)
    again = client.put("/v1/stylizations/my-photo", json=body)
    other = client.put("/v1/stylizations/my-photo", json={**body, "strength": 0.1})
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert first.json()["id"] == again.json()["id"] == "my-photo"
    assert other.json()["type"].endswith("/id-taken")
    assert len(client.get("/v1/jobs").json()["jobs"]) == 1


@pytest.mark.parametrize("id", ["..", ".x", "a b", "a" * 65, "é"])
def test_an_id_is_plain(client: TestClient, asset: str, id: str) -> None:
    body = {"content": asset, "style": "starry-night"}
    assert client.put(f"/v1/stylizations/{id}", json=body).status_code in (404, 405, 422)


def test_the_same_key_makes_one_job(client: TestClient, asset: str) -> None:
    headers, body = {"Idempotency-Key": "k1"}, {"content": asset, "style": "starry-night"}
    first = client.post("/v1/stylizations", json=body, headers=headers)
    again = client.post("/v1/stylizations", json=body, headers=headers)
    other = client.post("/v1/stylizations", json={**body, "strength": 0}, headers=headers)
    assert first.json()["id"] == again.json()["id"]
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 422)
    assert other.json()["type"].endswith("/key-reused")


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ({"style": "stary-night"}, "unknown-style"),
        ({"style": "starry-night", "model": "paintr"}, "unknown-model"),
        ({"style": "starry-night", "palette": ["stary-night"]}, "unknown-style"),
        ({"style": "asset:" + "0" * 64}, "unknown-asset"),
        ({"style": "starry-night", "regions": [{"mask": "0" * 64}]}, "unknown-asset"),
    ],
)
def test_what_is_not_there_is_said_at_once(
    client: TestClient, asset: str, words: dict[str, Any], kind: str
) -> None:
    answer = client.post("/v1/stylizations", json={"content": asset, **words})
    assert (answer.status_code, answer.json()["type"].rsplit("/")[-1]) == (404, kind)
    assert client.get("/v1/jobs").json()["jobs"] == []


def test_what_fails_is_told_to_who_waits(client: TestClient, asset: str) -> None:
    body = {"content": asset}  # the painter needs a style
    answer = client.post("/v1/stylizations", json=body, headers={"Prefer": "wait=60"})
    assert answer.headers["content-type"] == "application/problem+json"
    assert "style" in answer.json()["detail"]
    job = client.get(f"/v1/jobs/{answer.headers['impasto-job']}").json()
    assert (job["state"], job["problem"]["status"]) == ("failed", answer.status_code)


def test_webhooks_are_off_by_default(client: TestClient, asset: str) -> None:
    hook = {"url": "https://a.example/hook"}
    body = {"content": asset, "style": "starry-night", "webhook": hook}
    assert client.post("/v1/stylizations", json=body).status_code == 403
