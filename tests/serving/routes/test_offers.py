"""What the server tells of models and settings."""

from starlette.testclient import TestClient


def test_models_are_listed_with_their_styles(shared_client: TestClient) -> None:
    models = {one["name"]: one for one in shared_client.get("/v1/models").json()["models"]}
    assert models["painter"]["kind"] == "arbitrary"
    assert "starry-night" in models["pack"]["styles"]


def test_settings_are_schemas_that_a_page_makes_controls_of(shared_client: TestClient) -> None:
    told = shared_client.get("/v1/settings").json()
    strength = told["stylization"]["properties"]["strength"]
    assert (strength["minimum"], strength["maximum"], strength["default"]) == (0, 2, 1)
    assert "engine" not in told["stylization"]["properties"]
    assert told["optimization"]["properties"]["preset"]["enum"][0] == "draft"
    assert set(told["training"]) == {"style", "styles", "personal"}
