"""The description is valid, complete, and kept: schemathesis asks what nobody thought of."""

import io
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import product
from typing import Any

import hypothesis
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase
from hypothesis.errors import Unsatisfiable
from openapi_spec_validator import validate
from PIL import Image
from schemathesis import Case, GenerationMode
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.testclient import TestClient

from impasto.serving.app import create_app
from impasto.serving.workers.base import Event, Outcome, Task
from impasto.settings.server import ServerSettings

EXAMPLES, MANY = 2, 200  # requests of each route


class Quick:
    """Does every job at once: it leaves a picture."""

    async def start(self) -> None:
        """Get ready."""

    async def stop(self) -> None:
        """End."""

    def free(self, lane: str) -> int:
        """Return that there is always room."""
        return 4

    async def run(self, task: Task, on_event: Callable[[Event], None]) -> Outcome:
        """Leave a picture."""
        task.folder.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (16, 16)).save(task.folder / "painting.jpg")
        return Outcome((task.folder / "painting.jpg",), {"seconds": 0.0})

    def stop_task(self, id: str, *, finish: bool) -> None:
        """Do nothing: all has ended."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of the whole application, whose jobs end at once."""
    settings = ServerSettings(folder=tmp_path_factory.mktemp("server"), queue=100_000)
    with TestClient(create_app(settings, executor=Quick()), base_url="http://127.0.0.1") as asking:
        yield asking


@pytest.fixture(scope="module")
def asset(client: TestClient) -> str:
    """A photo that is there."""
    file = io.BytesIO()
    Image.linear_gradient("L").save(file, "PNG")
    return str(client.post("/v1/assets", content=file.getvalue()).json()["id"])


@pytest.fixture(scope="module")
def description(client: TestClient) -> dict[str, Any]:
    """The description of the API."""
    told: dict[str, Any] = client.get("/openapi.json").json()
    return told


def test_the_description_is_valid(description: dict[str, Any]) -> None:
    validate(description)


def test_every_route_is_described(description: dict[str, Any]) -> None:
    for path, methods in description["paths"].items():
        for method, route in methods.items():
            where = f"{method} {path}"
            assert route["summary"] and route["description"] and route["tags"], where
            assert route["operationId"].isidentifier(), where
            if path.startswith("/v1/"):
                assert route["security"] == [{"token": []}, {}], where
                problem = route["responses"]["401"]["content"]["application/problem+json"]
                assert problem["schema"]["$ref"].endswith("/Problem"), where
    tags = {tag["name"] for tag in description["tags"]}
    routes = [route for methods in description["paths"].values() for route in methods.values()]
    assert {tag for route in routes for tag in route["tags"]} == tags


def test_ids_of_routes_are_names_for_clients(description: dict[str, Any]) -> None:
    routes = [route for methods in description["paths"].values() for route in methods.values()]
    ids = [route["operationId"] for route in routes]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    "path", ["stylizations", "optimizations", "batches", "sheets", "trainings"]
)
def test_the_example_of_a_body_is_taken(
    client: TestClient, description: dict[str, Any], asset: str, path: str
) -> None:
    route = description["paths"][f"/v1/{path}"]["post"]
    example = route["requestBody"]["content"]["application/json"]["example"]
    answer = client.post(f"/v1/{path}", json=_with(example, asset))
    assert answer.status_code == 201, answer.text


def _asked(client: TestClient, asset: str, examples: int) -> None:
    """Send each route requests as they are described, and others that break the description."""
    schema: Any = schemathesis.openapi.from_dict(client.get("/openapi.json").json())
    schema = schema if examples == MANY else schema.exclude(method="PUT")  # as POST
    settings = hypothesis.settings(
        max_examples=examples,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )

    def ask(case: Case[Any]) -> None:
        case.body = _with(case.body, asset)
        answer = _send(client, case)
        case.validate_response(
            Response.from_any(answer), excluded_checks=[positive_data_acceptance]
        )

    for operation, mode in product(schema.get_all_operations(), GenerationMode):
        cases = operation.ok().as_strategy(generation_mode=mode)
        with suppress(Unsatisfiable):  # what has no parameters cannot be asked wrongly
            settings(hypothesis.given(case=cases)(ask))()


def _send(client: TestClient, case: Case[Any]) -> Any:
    made = requests.Request(**case.as_transport_kwargs(base_url="http://127.0.0.1")).prepare()
    # A header's letters are Latin, or the client itself refuses to send them.
    headers = [
        (key.encode(), str(value).encode("latin-1", "replace"))
        for key, value in made.headers.items()
    ]
    body: Any = made.body or b""
    return client.request(str(made.method), str(made.url), content=body, headers=headers)


def _with(body: Any, asset: str) -> Any:
    """Return a body that names a photo which is there, so that more than 404 is answered."""
    if not isinstance(body, dict):
        return body
    told = {"content": asset, "contents": [asset], "asset": asset}
    return {key: told.get(key, value) for key, value in body.items()}


def test_every_answer_is_as_described(client: TestClient, asset: str) -> None:
    _asked(client, asset, EXAMPLES)


@pytest.mark.soak
def test_every_answer_is_as_described_for_long(client: TestClient, asset: str) -> None:
    _asked(client, asset, MANY)
