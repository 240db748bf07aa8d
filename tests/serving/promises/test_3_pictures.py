"""Only pictures of few formats come in, judged by their header; no file brings the server down."""

import io
from typing import Any

import pytest
from PIL import Image, PngImagePlugin
from starlette.testclient import TestClient
from tests.serving.promises.bombs import ODD, REFUSED, noise, saved


def painted(client: TestClient, data: bytes, **fields: Any) -> Any:
    form = {"style": "great-wave"} | fields
    files = {"content": ("a", data)}
    return client.post("/v1/stylizations", files=files, data=form, headers={"Prefer": "wait=60"})


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_or_painted_but_breaks_nothing(shared: TestClient, name: str) -> None:
    data, statuses = REFUSED[name]
    response = painted(shared, data)
    assert response.status_code in statuses, response.text[:500]
    if response.status_code == 200:
        Image.open(io.BytesIO(response.content)).load()
    else:
        problem = response.json()
        assert response.headers["Content-Type"] == "application/problem+json"
        assert problem["type"].startswith("https://impasto.dev/problems/")
        assert problem["type"].rpartition("/")[2] not in ("internal-error", "worker-lost")


@pytest.mark.parametrize("name", ODD)
def test_odd_files_that_are_in_order_are_painted(shared: TestClient, name: str) -> None:
    response = painted(shared, ODD[name])
    assert response.status_code == 200, response.text[:500]
    with Image.open(io.BytesIO(response.content)) as image:
        assert image.format == "JPEG" and max(image.size) == 64


def test_a_page_within_a_picture_is_served_as_a_picture(shared: TestClient) -> None:
    page = "<!doctype html><script>alert(1)</script>"
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", page)
    data = saved(noise(), "PNG", pnginfo=notes)
    told = shared.post("/v1/assets", files={"file": ("page.html", data, "text/html")}).json()
    answer = shared.get(told["url"])
    assert answer.content == data and page.encode() in answer.content
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{told["id"][:12]}.png"'
    assert page.encode() not in painted(shared, data, output='{"format": "png"}').content
