"""Shards are read back as they were written, and those of others too."""

import io
import tarfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from impasto.errors import TrainingError
from impasto.training.data.manifest import lines_of
from impasto.training.data.pictures import open_pictures
from impasto.training.data.shards import Place, read_shard, shard_of
from impasto.weights.files import write_atomically


def jpeg(value: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (24, 16), (value, value, value)).save(file, "JPEG", quality=100)
    return file.getvalue()


def test_a_shard_gives_back_pictures_and_records(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    written = [(f"{i:06}", jpeg(100 * i), {"file": f"é{i}.png", "n": i}) for i in range(2)]
    path.write_bytes(shard_of(written))
    assert shard_of(written) == path.read_bytes()
    for number, (place, record) in enumerate(read_shard(path)):
        assert (record["file"], record["n"]) == (f"é{number}.png", number)
        assert place.read() == jpeg(100 * number)
        assert np.abs(place.decode().astype(int) - 100 * number).max() <= 2
        assert Place.from_record(tmp_path, place.to_record()) == place


def test_shards_of_others_are_read_in_order(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = io.BytesIO()
    Image.new("RGB", (40, 20)).save(turned, "JPEG", exif=exif)
    with tarfile.open(tmp_path / "shard-0.tar", "w") as tar:
        for name, data in (("a.jpg", turned.getvalue()), ("a.cls", b"3"), ("b.jpg", jpeg(9))):
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    found = open_pictures(tmp_path)
    assert found.names == ("shard-0/a.jpg", "shard-0/b.jpg")
    assert found[0].shape == (40, 20, 3) and found[1].shape == (16, 24, 3)


@pytest.mark.parametrize("data", [b"", b"not a tar file" * 99])
def test_what_is_no_shard_is_named(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.tar").write_bytes(data)
    with pytest.raises(TrainingError, match=r"x\.tar"):
        open_pictures(tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"offset": None}, "line 1 lacks offset"),
        ({"offset": "512"}, "line 1 has no right offset"),
        ({"stored_bytes": -1}, "line 1 has no right stored_bytes"),
        ({"file": 7}, "line 1 has no right file"),
        ({"shard": "../a.tar"}, r'line 1 names a shard "\.\./a\.tar"'),
        ({"shard": "a.jpg"}, r'line 1 names a shard "a\.jpg"'),
    ],
)
def test_a_manifest_with_a_wrong_field_is_named_with_its_line(
    tmp_path: Path, change: dict[str, object], message: str
) -> None:
    path = tmp_path / "a.tar"
    path.write_bytes(shard_of([("0", jpeg(0), {})]))
    ((place, _),) = read_shard(path)
    known = {"file": "_.jpg", "sha256": "0", "split": "train", **place.to_record()}
    write_atomically(tmp_path / "manifest.jsonl", lines_of([known]))
    assert open_pictures(tmp_path).groups == ("",)
    write_atomically(tmp_path / "manifest.jsonl", lines_of([known | change]))
    with pytest.raises(TrainingError, match=message):
        open_pictures(tmp_path)
