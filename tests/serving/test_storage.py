import asyncio
import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from impasto.errors import UsageError
from impasto.serving.app import create_app
from impasto.serving.storage import UNUSED_S, Storage
from impasto.serving.workers.inline import InlineExecutor
from impasto.settings.server import ServerSettings

KEY = "assets/ab/abcdef"


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """A bucket in moto's server, which speaks S3 on a port of this machine."""
    import s3fs
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    names = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nothing",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in names.items():
            patch.setenv(name, value)
        s3fs.S3FileSystem(skip_instance_cache=True).mkdir("pictures")
        yield "s3://pictures/of/impasto"
    server.stop()


@pytest.fixture(params=["folder", "bucket"])
def storage(request: Any, tmp_path: Path) -> Storage:
    place = request.getfixturevalue("bucket") if request.param == "bucket" else None
    return Storage.open(place, tmp_path / "files")


def test_what_is_put_is_there_until_it_is_deleted(storage: Storage, tmp_path: Path) -> None:
    async def story() -> None:
        given = tmp_path / "given"
        given.write_bytes(b"picture")
        await storage.put_file(given, KEY)
        assert not given.exists() and await storage.exists(KEY)
        assert (await storage.local(KEY)).read_bytes() == b"picture"
        await storage.put_bytes(b"another", KEY)
        assert (await storage.local(KEY)).read_bytes() == b"another"
        await storage.delete(KEY)
        assert not await storage.exists(KEY)
        with pytest.raises(FileNotFoundError):
            await storage.local(KEY)
        await storage.delete(KEY)  # nothing is there, and nothing happens

    asyncio.run(story())
    assert not [path for path in storage.folder.rglob("*") if path.is_file()]


def test_another_server_finds_what_lies_in_the_bucket(bucket: str, tmp_path: Path) -> None:
    async def story() -> None:
        await Storage.open(bucket, tmp_path / "one").put_bytes(b"picture", KEY)
        other = Storage.open(bucket, tmp_path / "other")
        assert (await other.local(KEY)).read_bytes() == b"picture"
        await other.delete(KEY)

    asyncio.run(story())


def test_copies_that_nobody_uses_are_dropped_and_fetched_again(bucket: str, tmp_path: Path) -> None:
    async def story() -> None:
        storage = Storage.open(bucket, tmp_path)
        await storage.put_bytes(b"picture", KEY)
        copy = await storage.local(KEY)
        storage.tidy()
        assert copy.exists()
        storage.tidy(time.time() + UNUSED_S + 1)
        assert not copy.exists()
        assert (await storage.local(KEY)).read_bytes() == b"picture"
        await storage.delete(KEY)

    asyncio.run(story())


def test_a_folder_is_never_tidied(tmp_path: Path) -> None:
    storage = Storage.open(None, tmp_path)
    asyncio.run(storage.put_bytes(b"picture", KEY))
    storage.tidy(time.time() + UNUSED_S + 1)
    assert asyncio.run(storage.exists(KEY))


@pytest.mark.parametrize(
    "key",
    ["../secret", "assets/../../secret", "/etc/passwd", "a//b", "", "a/.hidden", "C:\\x", "a\0"],
)
def test_only_keys_of_the_servers_own_making_are_taken(tmp_path: Path, key: str) -> None:
    storage = Storage.open(None, tmp_path)
    with pytest.raises(ValueError, match="no key"):
        asyncio.run(storage.put_bytes(b"", key))
    with pytest.raises(ValueError, match="no key"):
        asyncio.run(storage.local(key))


@pytest.mark.parametrize(
    "place", ["file:///etc", "/tmp", "s3://", "simplecache::s3://a/b", "http://a/b", "s3://a::b"]
)
def test_a_place_is_a_bucket(tmp_path: Path, place: str) -> None:
    with pytest.raises(UsageError, match="s3://bucket/prefix"):
        Storage.open(place, tmp_path)


def test_a_file_of_another_disk_is_moved_too(tmp_path: Path, monkeypatch: Any) -> None:
    storage, given = Storage.open(None, tmp_path / "files"), tmp_path / "given"
    given.write_bytes(b"picture")
    replace = Path.replace

    def other_disk(self: Path, target: Path) -> Path:
        if self == given:
            raise OSError(18, os.strerror(18))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", other_disk)
    asyncio.run(storage.put_file(given, KEY))
    assert asyncio.run(storage.local(KEY)).read_bytes() == b"picture" and not given.exists()


def test_a_server_paints_from_a_bucket_into_it(bucket: str, tmp_path: Path, photo: bytes) -> None:
    import s3fs

    settings = ServerSettings(folder=tmp_path / "server", storage=bucket)
    app = create_app(settings, executor=InlineExecutor())
    form: dict[str, Any] = {"files": {"content": photo}, "data": {"style": "great-wave"}}
    with TestClient(app, base_url="http://127.0.0.1") as client:
        painting = client.post("/v1/stylizations", headers={"Prefer": "wait"}, **form)
        assert painting.status_code == 200
        id = hashlib.sha256(painting.content).hexdigest()
        there = s3fs.S3FileSystem(skip_instance_cache=True)
        key = f"{bucket.removeprefix('s3://')}/assets/{id[:2]}/{id}"
        assert there.cat_file(key) == painting.content
        assert client.delete(f"/v1/assets/{id}").status_code == 204
        assert not there.exists(key)
