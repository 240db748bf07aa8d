"""Who asks, and what belongs to whom."""

import pytest
from starlette.testclient import TestClient

from impasto.serving.guards.tokens import Tokens


@pytest.fixture
def tokens(client: TestClient) -> Tokens:
    """The tokens of the running application."""
    tokens: Tokens = client.app.state.server.tokens  # type: ignore[attr-defined]
    return tokens


def bearer(token: str) -> dict[str, str]:
    """Return the header of a token."""
    return {"Authorization": f"Bearer {token}"}


def test_without_tokens_nobody_needs_one(client: TestClient) -> None:
    assert client.get("/v1/jobs").status_code == 200


def test_with_tokens_everybody_needs_one(client: TestClient, tokens: Tokens) -> None:
    token, _ = tokens.add("anna")
    for headers in ({}, bearer("impasto_wrong"), {"Authorization": f"Basic {token}"}):
        answer = client.get("/v1/jobs", headers=headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
    assert client.get("/v1/jobs", headers=bearer(token)).status_code == 200
    assert client.get("/healthz").status_code == 200  # for machines that watch


def test_what_belongs_to_others_is_not_there(
    client: TestClient, tokens: Tokens, photo: bytes
) -> None:
    anna, ben = (bearer(tokens.add(name)[0]) for name in ("anna", "ben"))
    asked = {"data": {"style": "starry-night"}, "files": {"content": photo}}
    job = client.post("/v1/stylizations", headers=anna, **asked).json()  # type: ignore[arg-type]
    for path in ("", "/events", "/preview", "/output"):
        assert client.get(f"/v1/jobs/{job['id']}{path}", headers=ben).status_code == 404
    for path in ("/cancel", "/finish"):
        assert client.post(f"/v1/jobs/{job['id']}{path}", headers=ben).status_code == 404
    assert client.delete(f"/v1/jobs/{job['id']}", headers=ben).status_code == 404
    body = {"content": job["request"]["content"], "style": "starry-night"}
    assert client.post("/v1/stylizations", json=body, headers=ben).status_code == 404
    assert client.get("/v1/jobs", headers=ben).json()["jobs"] == []
    assert len(client.get("/v1/jobs", headers=anna).json()["jobs"]) == 1
