from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from impasto.serving.metrics import size_of


def figures(client: TestClient) -> dict[str, float]:
    """All figures by name and labels, as ``name{a,b}``."""
    page = client.get("/metrics")
    assert page.headers["Content-Type"].startswith("text/plain; version=")
    return {
        f"{sample.name}{{{','.join(sample.labels.values())}}}": sample.value
        for family in text_string_to_metric_families(page.text)
        for sample in family.samples
    }


def test_jobs_and_pixels_are_counted(client: TestClient, photo: bytes) -> None:
    wait = {"Prefer": "wait"}
    for style in ("starry-night", "great-wave"):
        form = {"files": {"content": photo}, "data": {"style": style}}
        assert client.post("/v1/stylizations", headers=wait, **form).status_code == 200  # type: ignore[arg-type]
    told = figures(client)
    assert told["impasto_jobs_ended_total{stylization,succeeded}"] == 2
    assert told["impasto_pixels_total{stylization}"] == 2 * 96 * 64
    assert told["impasto_job_wait_seconds_count{stylization,short}"] == 2
    assert told["impasto_job_run_seconds_count{stylization,small}"] == 2
    assert told["impasto_jobs{short,succeeded}"] == 2
    assert told["impasto_queue_depth{short}"] == 0
    assert told["impasto_uploads_total{}"] == 2
    assert told["impasto_requests_total{/v1/stylizations,200}"] == 2


def test_refusals_are_counted_by_their_reason(client: TestClient) -> None:
    for data in (b"%PDF-1.7" + bytes(99), b"<svg " + bytes(99), b""):
        client.post("/v1/assets", content=data, headers={"Content-Type": "image/png"})
    told = figures(client)
    assert told["impasto_uploads_refused_total{not-a-picture}"] == 2
    assert told["impasto_uploads_refused_total{truncated-picture}"] == 1
    assert told["impasto_uploads_total{}"] == 0


def test_what_clients_write_is_no_label(client: TestClient) -> None:
    for path in ("/v1/assets/" + "0" * 64, "/nowhere/at-all", "/v1/jobs/a-secret"):
        assert client.get(path).status_code == 404
    told = "".join(figures(client))
    assert "{/v1/assets/{id},404}" in told
    assert "nowhere" not in told and "0000" not in told and "a-secret" not in told


def test_sizes_have_classes() -> None:
    assert [size_of(n) for n in (0, 600_000, 600_001, 10**7, 10**8)] == [
        "small", "small", "medium", "large", "huge",
    ]  # fmt: skip
