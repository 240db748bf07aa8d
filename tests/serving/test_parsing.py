"""Bodies: JSON and forms mean the same, and what is wrong is said in our words."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

ASSET = "0" * 64


def refused(client: TestClient, **body: Any) -> str:
    """Send a body as JSON, and return what is told to be wrong with it."""
    answer = client.post("/v1/stylizations", json=body)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return str(answer.json()["detail"])


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"stregth": 1}, 'There is no "stregth" here. Did you mean "strength"?'),
        ({"strength": 3}, "strength must be at most 2."),
        ({"strength": "1"}, "strength must be a number."),
        ({"strength": True}, "strength must be a number."),
        ({"size": 2.5}, "size must be a whole number."),
        ({"colors": "blue"}, "colors must be one of 'style', 'content', 'match' or 'palette'."),
        ({"keep_metadata": 1}, "keep_metadata must be true or false."),
        ({"select": ["sky.png"]}, "select.0 is not spelled as it must be"),
        ({"palette": ["/etc/passwd"]}, "palette.0 is not spelled as it must be"),
        ({"palette": ["photo.jpg"]}, "palette.0 is not spelled as it must be"),
        ({"output": {"format": "gif"}}, "output.format must be one of"),
        ({"model": "../model"}, "model is not spelled as it must be"),
        ({"regions": [{"mask": "sky.png"}]}, "regions.0.mask is not spelled as it must be"),
        ({"engine": "torch"}, 'There is no "engine" here.'),
        ({"webhook": {"url": "http://a.example"}}, "webhook.url is not spelled as it must be"),
    ],
)
def test_what_is_wrong_is_said(shared_client: TestClient, body: dict[str, Any], words: str) -> None:
    told = refused(shared_client, content=ASSET, style="starry-night", **body)
    assert told.startswith(words)


def test_settings_that_exclude_each_other_are_refused_in_the_words_of_the_api(
    shared_client: TestClient,
) -> None:
    body = {"content": ASSET, "style": "starry-night", "colors": "palette"}
    assert refused(shared_client, **body).startswith("colors palette needs palette: colors")


@pytest.mark.parametrize("style", ["/etc/passwd", "photo.jpg", "~/x.style", "..", "asset:ff", ""])
def test_no_style_is_a_path(shared_client: TestClient, style: str) -> None:
    assert refused(shared_client, content=ASSET, style=style).startswith("style")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"nul", b'{"a": NaN}', b"[" * 100_000])
def test_what_is_no_json_object_is_a_bad_request(shared_client: TestClient, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = shared_client.post("/v1/stylizations", content=body, headers=headers)
    assert answer.status_code == 400, answer.text


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", ""])
def test_other_bodies_are_not_read(shared_client: TestClient, kind: str) -> None:
    answer = shared_client.post(
        "/v1/stylizations", content=b"hello", headers={"Content-Type": kind}
    )
    assert answer.status_code == 415


def test_a_form_means_the_same_as_json(shared_client: TestClient, photo: bytes) -> None:
    asset = shared_client.post("/v1/assets", content=photo).json()["id"]
    body = {
        "content": asset,
        "style": ["starry-night:0.5", "great-wave"],
        "strength": 0.5,
        "keep_metadata": True,
        "palette": ["navy,gold"],
        "output": {"format": "png"},
    }
    fields = {
        "style": ["starry-night:0.5", "great-wave"],
        "strength": "0.5",
        "keep_metadata": "true",
        "palette": "navy,gold",
        "output": json.dumps({"format": "png"}),
    }
    by_json = shared_client.post("/v1/stylizations", json=body)
    by_form = shared_client.post("/v1/stylizations", data=fields, files={"content": photo})
    assert by_json.status_code == by_form.status_code == 201, by_form.text
    assert by_json.json()["request"] == by_form.json()["request"]


def test_files_of_a_form_are_styles_and_masks(shared_client: TestClient, photo: bytes) -> None:
    region = {"mask": "sky", "style": None}
    answer = shared_client.post(
        "/v1/stylizations",
        data={"regions": json.dumps([region])},
        files={"content": photo, "style": photo, "sky": photo},
    )
    asset = answer.json()["request"]["content"]
    assert answer.json()["request"] == {
        "content": asset,
        "style": f"asset:{asset}",
        "regions": [{"mask": asset, "style": None}],
    }


def test_a_damaged_form_is_a_bad_request(shared_client: TestClient) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = shared_client.post("/v1/stylizations", content=b"--y\r\nnothing", headers=headers)
    assert answer.status_code in (400, 422)


def test_a_form_of_too_many_parts_is_refused(shared_client: TestClient) -> None:
    fields = {f"field{number}": "1" for number in range(200)}
    answer = shared_client.post("/v1/stylizations", data=fields, files={"content": b"x"})
    assert answer.status_code in (400, 415)
