"""What a client calls things never becomes a path."""

import hashlib
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

NAMES = (
    "../../outside", "..\\..\\outside", "/tmp/outside", "C:\\outside", "....//outside", "a/../../b",
    "..%2foutside", "%2e%2e%2foutside", "outside\0.jpg", "con", ".", "..", "~root", "$HOME", "-rf",
    "a" * 300, "\u202egpj.exe", "jobs.sqlite", "`id`", "|id", "\r\nX: y",
)  # fmt: skip
HEX = set("0123456789abcdef")


def files_of(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", NAMES)
def test_no_name_leads_out_of_the_servers_folder(
    shared: TestClient, shared_folder: Path, photo: bytes, name: str
) -> None:
    id = hashlib.sha256(photo).hexdigest()
    assert shared.post("/v1/assets", files={"file": (name, photo)}).json()["id"] == id
    outside = shared_folder.parent
    before = files_of(outside)
    good: dict[str, Any] = {"content": id, "style": "great-wave"}
    for wrong in (
        {"style": name}, {"style": f"asset:{name}"}, {"model": name}, {"palette": [name]},
        {"content": name}, {"content": f"{id}/{name}"}, {"output": {"format": name}},
        {"regions": [{"mask": name, "style": None}]},
    ):  # fmt: skip
        response = shared.post("/v1/stylizations", json=good | wrong)
        assert 400 <= response.status_code < 500, (wrong, response.text)
    safe = quote(name, safe="").replace(".", "%2E")
    for path in ("/v1/assets/", "/v1/jobs/", "/v1/styles/", "/docs/", "/js/", "/"):
        answer = shared.get(f"{path}{safe}")
        assert answer.status_code in (307, 404, 422), (path, answer.status_code)
        assert b"SQLite" not in answer.content and b"root:" not in answer.content
    shared.put(f"/v1/stylizations/{safe}", json=good, headers={"Prefer": "wait"})
    inside = {f"{shared_folder.name}/{one}" for one in files_of(shared_folder)}
    assert files_of(outside) <= inside | before


def test_files_of_pictures_are_named_by_their_hash_alone(
    shared: TestClient, shared_folder: Path, photo: bytes
) -> None:
    form = {"files": {"content": ("../name.jpg", photo)}, "data": {"style": "great-wave"}}
    wait = {"Prefer": "wait"}
    assert shared.post("/v1/stylizations", headers=wait, **form).status_code == 200  # type: ignore[arg-type]
    names = [path.name for path in (shared_folder / "files").rglob("*") if path.is_file()]
    assert len(names) >= 2 and all(len(name) == 64 and set(name) <= HEX for name in names)
    assert not list((shared_folder / "arriving").iterdir())
