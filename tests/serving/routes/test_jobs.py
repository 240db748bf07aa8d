"""Jobs: listed, followed, ended, deleted."""

import asyncio
import json
from collections.abc import Callable, Iterator

import pytest
from starlette.testclient import TestClient

from impasto.serving.app import create_app
from impasto.serving.workers.base import Canceled, Event, Outcome, Task
from impasto.serving.workers.inline import InlineExecutor
from impasto.settings.server import ServerSettings


@pytest.fixture
def asset(client: TestClient, photo: bytes) -> str:
    """The id of the photo, uploaded."""
    return str(client.post("/v1/assets", content=photo).json()["id"])


def events_of(text: str) -> Iterator[tuple[int, str, dict[str, object]]]:
    """Give number, kind and data of server-sent events."""
    for block in text.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":"))
        yield int(fields["id"]), fields["event"], json.loads(fields["data"])


def test_events_tell_a_job_from_beginning_to_end(client: TestClient, asset: str) -> None:
    job = client.post("/v1/stylizations", json={"content": asset, "style": "starry-night"}).json()
    answer = client.get(job["links"]["events"])
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = list(events_of(answer.text))
    assert [number for number, _, _ in events] == list(range(1, len(events) + 1))
    states = [data["state"] for _, kind, data in events if kind == "state"]
    assert states == ["starting", "processing", "succeeded"]
    assert any(kind == "progress" for _, kind, _ in events)


def test_who_comes_again_gets_the_rest(client: TestClient, asset: str) -> None:
    job = client.post("/v1/stylizations", json={"content": asset, "style": "starry-night"}).json()
    all_of_it = list(events_of(client.get(job["links"]["events"]).text))
    rest = client.get(job["links"]["events"], headers={"Last-Event-ID": "2"})
    assert list(events_of(rest.text)) == all_of_it[2:]
    bad = client.get(job["links"]["events"], headers={"Last-Event-ID": "x"})
    assert bad.status_code == 422


def test_jobs_are_listed_newest_first_and_in_pages(client: TestClient, asset: str) -> None:
    for id in "abc":
        body = {"content": asset, "style": "starry-night"}
        client.put(f"/v1/stylizations/{id}", json=body)
    first = client.get("/v1/jobs", params={"limit": 2}).json()
    assert [job["id"] for job in first["jobs"]] == ["c", "b"]
    rest = client.get("/v1/jobs", params={"after": first["next"]}).json()
    assert ([job["id"] for job in rest["jobs"]], rest["next"]) == (["a"], None)
    assert client.get("/v1/jobs", params={"kind": "sheet"}).json()["jobs"] == []
    assert client.get("/v1/jobs", params={"kind": "nothing"}).status_code == 422


def test_a_deleted_job_is_gone_with_what_it_made(client: TestClient, asset: str) -> None:
    body = {"content": asset, "style": "starry-night"}
    headers = {"Prefer": "wait=60", "Accept": "application/json"}
    job = client.post("/v1/stylizations", json=body, headers=headers).json()
    assert client.delete(f"/v1/jobs/{job['id']}").status_code == 204
    assert client.get(f"/v1/jobs/{job['id']}").status_code == 404
    assert client.get(job["outputs"][0]["url"]).status_code == 404


def test_an_output_has_a_name(client: TestClient, asset: str) -> None:
    body = {"content": asset, "style": "starry-night"}
    headers = {"Prefer": "wait=60", "Accept": "application/json"}
    job = client.post("/v1/stylizations", json=body, headers=headers).json()
    path, name = job["links"]["output"], job["outputs"][0]["name"]
    assert client.get(path, params={"name": name}).status_code == 200
    assert client.get(path, params={"name": "other.jpg"}).status_code == 404


def test_a_batch_ends_with_its_last_picture(client: TestClient, asset: str) -> None:
    body = {"contents": [asset, asset], "style": "starry-night", "size": 32}
    batch = client.post("/v1/batches", json=body).json()
    client.get(batch["links"]["events"])
    done = client.get(f"/v1/jobs/{batch['id']}").json()
    assert done["state"] == "succeeded"
    parts = client.get("/v1/jobs", params={"parent": batch["id"]}).json()["jobs"]
    assert [part["state"] for part in parts] == ["succeeded"] * 2
    assert all(part["request"]["content"] == asset for part in parts)


def test_who_waits_for_a_batch_gets_its_job(client: TestClient, asset: str) -> None:
    body = {"contents": [asset], "style": "starry-night", "size": 32}
    answer = client.post("/v1/batches", json=body, headers={"Prefer": "wait=60"})
    assert (answer.status_code, answer.json()["state"]) == (201, "succeeded")
    assert answer.headers["preference-applied"] == "wait"


class Slow(InlineExecutor):
    """Works until it is stopped."""

    async def run(self, task: Task, on_event: Callable[[Event], None]) -> Outcome:
        """Wait until somebody stops it."""
        self.stopped = asyncio.Event()
        on_event(Event("words", {"words": "it begins"}))
        await self.stopped.wait()
        raise Canceled

    def stop_task(self, id: str, *, finish: bool) -> None:
        """End it."""
        self.stopped.set()


@pytest.fixture
def slow_client(settings: ServerSettings) -> Iterator[TestClient]:
    """A client of an application whose work never ends by itself."""
    app = create_app(settings, executor=Slow())
    with TestClient(app, base_url="http://127.0.0.1") as client:
        yield client


def test_a_running_job_is_canceled(slow_client: TestClient, photo: bytes) -> None:
    asked = {"data": {"style": "starry-night"}, "files": {"content": photo}}
    headers = {"Prefer": "wait=0"}
    job = slow_client.post("/v1/stylizations", headers=headers, **asked).json()  # type: ignore[arg-type]
    output = slow_client.get(job["links"]["output"])
    assert (output.status_code, output.json()["type"].rsplit("/")[-1]) == (409, "conflict")
    assert slow_client.get(job["links"]["preview"]).status_code == 404
    assert slow_client.post(job["links"]["cancel"]).status_code == 200
    events = list(events_of(slow_client.get(job["links"]["events"]).text))
    assert events[-1][2]["state"] == "canceled"
    assert slow_client.post(job["links"]["cancel"]).json()["state"] == "canceled"  # still is
    assert slow_client.get(job["links"]["output"]).json()["type"].endswith("/canceled")


def test_who_waits_too_long_gets_the_job(slow_client: TestClient, photo: bytes) -> None:
    asked = {"data": {"style": "starry-night"}, "files": {"content": photo}}
    headers = {"Prefer": "wait=0"}
    answer = slow_client.post("/v1/stylizations", headers=headers, **asked)  # type: ignore[arg-type]
    assert answer.status_code == 201
    assert answer.json()["state"] in ("starting", "processing")
    slow_client.post(answer.json()["links"]["cancel"])
