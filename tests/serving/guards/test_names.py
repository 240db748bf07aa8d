"""Foreign names and foreign pages are refused."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from impasto.serving.app import create_app
from impasto.serving.workers.inline import InlineExecutor
from impasto.settings.server import ServerSettings


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8000", "[::1]:8000", "LOCALHOST"])
def test_names_of_this_machine_are_known(shared_client: TestClient, host: str) -> None:
    assert shared_client.get("/v1/jobs", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[", "localhost."])
def test_other_names_are_refused(shared_client: TestClient, host: str) -> None:
    answer = shared_client.get("/v1/jobs", headers={"Host": host})
    assert (answer.status_code, answer.json()["type"].rsplit("/")[-1]) == (421, "wrong-host")


def test_machines_ask_for_health_at_any_name(shared_client: TestClient) -> None:
    assert shared_client.get("/healthz", headers={"Host": "10.0.0.7:8000"}).status_code == 200


def test_prometheus_asks_pods_by_their_addresses(shared_client: TestClient) -> None:
    for host, status in (("10.0.0.7:8000", 200), ("[fd00::7]:8000", 200), ("evil.example", 421)):
        assert shared_client.get("/metrics", headers={"Host": host}).status_code == status


def test_names_that_were_given_are_known_where_all_may_come(tmp_path: Path) -> None:
    for hosts, status in (((), 200), (("paint.example",), 421)):
        settings = ServerSettings(folder=tmp_path / str(status), host="0.0.0.0", hosts=hosts)
        app = create_app(settings, executor=InlineExecutor())
        with TestClient(app, base_url="http://127.0.0.1") as client:
            other = client.get("/v1/models", headers={"Host": "other.example"})
            named = client.get("/v1/models", headers={"Host": "paint.example"})
            assert (other.status_code, named.status_code) == (status, 200)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:9999"])
def test_foreign_pages_may_not_change_anything(shared_client: TestClient, origin: str) -> None:
    for method, path in (("POST", "/v1/stylizations"), ("DELETE", "/v1/jobs/x"), ("PUT", "/v1/x")):
        answer = shared_client.request(method, path, headers={"Origin": origin})
        assert answer.status_code == 403
        assert answer.json()["type"].endswith("/foreign-origin")


@pytest.mark.parametrize("scheme", ["http", "https"])  # a proxy may have ended TLS
def test_the_own_page_may(shared_client: TestClient, scheme: str) -> None:
    headers = {"Origin": f"{scheme}://127.0.0.1"}
    assert shared_client.post("/v1/jobs/x/cancel", headers=headers).status_code == 404
