import asyncio
import hashlib
import io
import shutil
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from impasto.errors import NotAPicture, TruncatedPicture
from impasto.serving.assets import Asset, Assets, key_of
from impasto.serving.jobs.schema import Database
from impasto.serving.problems import Problem
from impasto.serving.storage import Storage

FACTS = {"media_type": "image/png", "width": 20, "height": 10}


def png(color: str = "red") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (20, 10), color).save(buffer, "PNG")
    return buffer.getvalue()


class Looked:
    """Says that every upload is a PNG, and counts how often it was asked."""

    def __init__(self) -> None:
        self.times = 0

    async def __call__(self, path: Path) -> Mapping[str, Any]:
        self.times += 1
        return FACTS


@pytest.fixture
def looked() -> Looked:
    return Looked()


@pytest.fixture
def assets(tmp_path: Path, looked: Looked) -> Iterator[Assets]:
    rows = Database(tmp_path / "jobs.sqlite")
    yield Assets(rows, Storage.open(None, tmp_path / "files"), looked, tmp_path / "in", max_body=1)
    rows.close()


async def chunks(data: bytes, size: int = 7) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


def receive(assets: Assets, data: bytes, owner: str = "ann") -> Asset:
    return asyncio.run(assets.receive(chunks(data), owner))


def left(assets: Assets) -> list[str]:
    """The files in the storage and among the arriving ones."""
    folders = (assets.storage.folder, assets.storage.folder.parent / "in")
    return [path.name for folder in folders for path in folder.rglob("*") if path.is_file()]


def test_an_upload_goes_by_the_hash_of_its_bytes(assets: Assets) -> None:
    asset = receive(assets, png())
    assert asset.id == hashlib.sha256(png()).hexdigest()
    assert (asset.size, asset.width, asset.height) == (len(png()), 20, 10)
    path = asyncio.run(assets.path(asset.id, "ann"))
    assert path and path.read_bytes() == png()


def test_the_same_bytes_are_looked_at_and_kept_once(assets: Assets, looked: Looked) -> None:
    first = receive(assets, png())
    again = receive(assets, png())
    assert again.id == first.id and again.expires >= first.expires
    assert looked.times == 1 and left(assets) == [first.id]


def test_bytes_that_were_lost_can_be_brought_again(assets: Assets) -> None:
    asset = receive(assets, png())
    asyncio.run(assets.storage.delete(key_of(asset.id)))  # as a rule of a bucket may
    assert asyncio.run(assets.path(asset.id, "ann")) is None
    assert receive(assets, png()).created == asset.created
    assert asyncio.run(assets.path(asset.id, "ann")) is not None


def test_an_asset_belongs_to_those_who_brought_it(assets: Assets) -> None:
    asset = receive(assets, png())
    assert assets.get(asset.id, "bob") is None
    assert asyncio.run(assets.path(asset.id, "bob")) is None
    assert not asyncio.run(assets.delete(asset.id, "bob"))
    receive(assets, png(), "bob")
    assert asyncio.run(assets.delete(asset.id, "ann"))
    assert assets.get(asset.id, "ann") is None and assets.get(asset.id, "bob")
    assert left(assets) == [asset.id]
    assert asyncio.run(assets.delete(asset.id, "bob"))
    assert left(assets) == []


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", TruncatedPicture),
        (b"\x89PNG\r\n", TruncatedPicture),
        (b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", NotAPicture),
        (b"%PDF-1.7" + bytes(100), NotAPicture),
        (b"\x89PNG\r\n\x1a\n" + bytes(1_000_001), Problem),
    ],
)
def test_what_is_refused_leaves_nothing(
    assets: Assets, looked: Looked, data: bytes, error: type[Exception]
) -> None:
    with pytest.raises(error):
        receive(assets, data)
    assert looked.times == 0 and left(assets) == []


def test_the_rest_of_what_is_refused_is_not_read(assets: Assets) -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield bytes(64)

    with pytest.raises(NotAPicture):
        asyncio.run(assets.receive(endless(), "ann"))
    assert taken == 1


def test_a_disk_that_is_nearly_full_takes_no_more(
    assets: Assets, monkeypatch: pytest.MonkeyPatch
) -> None:
    nearly = shutil.disk_usage("/")._replace(free=1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: nearly)
    with pytest.raises(Problem, match="free space"):
        receive(assets, png())
    assert left(assets) == []


def test_an_asset_expires_and_its_bytes_go(assets: Assets) -> None:
    asset = receive(assets, png())
    later = time.time() + 25 * 3600
    assert asyncio.run(assets.expire(later)) == 1
    assert assets.get(asset.id, "ann") is None and left(assets) == []


def test_while_much_expires_others_have_their_turn(assets: Assets) -> None:
    for color in ("red", "green", "blue", "white"):
        receive(assets, png(color))
    left_at_each_turn = []

    async def others(expiring: "asyncio.Task[int]") -> None:
        while not expiring.done():
            left_at_each_turn.append(len(left(assets)))
            await asyncio.sleep(0)

    async def both() -> int:
        expiring = asyncio.create_task(assets.expire(time.time() + 25 * 3600))
        await others(expiring)
        return await expiring

    assert asyncio.run(both()) == 4
    assert {3, 2, 1} <= set(left_at_each_turn)


def test_what_is_in_use_is_kept(assets: Assets) -> None:
    asset = receive(assets, png())
    asset_expires = asset.expires
    assets.keep([asset.id], "ann")
    kept = assets.get(asset.id, "ann")
    assert kept and kept.expires >= asset_expires
    assert asyncio.run(assets.expire(asset_expires - 1)) == 0


def test_what_is_held_stays_until_it_is_released(assets: Assets, tmp_path: Path) -> None:
    asset, later = receive(assets, png()), time.time() + 25 * 3600
    assets.hold([asset.id], "ann")
    made = tmp_path / "same.png"
    made.write_bytes(png())
    asyncio.run(assets.add_file(made, "ann", "image/png"))  # the same again, as a job makes it
    assert asyncio.run(assets.expire(later)) == 0
    assets.release([asset.id], "ann")
    assert asyncio.run(assets.expire(later)) == 1


def test_results_of_jobs_are_assets_too(assets: Assets, tmp_path: Path) -> None:
    made = tmp_path / "painting.png"
    made.write_bytes(png("blue"))
    asset = asyncio.run(assets.add_file(made, "ann", "image/png", 20, 10))
    assert assets.get(asset.id, "ann") == asset
    assert [one.id for one in assets.list("ann")] == [asset.id] and not assets.list("bob")
    assert left(assets) == [asset.id] and not made.exists()


def test_bytes_that_come_while_the_same_go_stay(assets: Assets) -> None:
    async def both() -> Asset:
        asset = await assets.receive(chunks(png()), "ann")
        await asyncio.gather(assets.delete(asset.id, "ann"), assets.receive(chunks(png()), "bob"))
        return asset

    asset = asyncio.run(both())
    path = asyncio.run(assets.path(asset.id, "bob"))
    assert path and path.name == key_of(asset.id).rpartition("/")[2]
