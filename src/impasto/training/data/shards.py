"""Shards: tar files of pictures, each beside what is known of it, as WebDataset reads them.

A member ``000042.jpg`` is a picture, ``000042.json`` its record. All dates and owners are zero, so
that the same pictures give the same bytes.
"""

import hashlib
import io
import json
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from PIL import Image

from impasto.errors import PictureError, TrainingError
from impasto.images.source import open_picture
from impasto.images.window import Window

SUFFIX = ".tar"
PICTURES = (".jpg", ".jpeg", ".png", ".webp")  # members that are pictures, also of others' shards
AGAIN = "Run the same impasto dataset prepare again: it makes only this one."

STORED = "stored_sha256"  # the field with the hash of a picture as it lies in the shard

Record = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True)
class Place:
    """Where the bytes of a picture lie in a shard, and their hash."""

    shard: Path
    offset: int
    size: int  # in bytes
    sha256: str

    def to_record(self) -> Record:
        """Return the place as fields of a manifest."""
        fields = {"shard": self.shard.name, "offset": self.offset, "stored_bytes": self.size}
        return fields | {STORED: self.sha256}

    @classmethod
    def from_record(cls, folder: Path, record: Record) -> "Place":
        """Return the place that a line of a manifest tells; ValueError where it tells none."""
        shard = field(record, "shard", str)
        if Path(shard).name != shard or not shard.endswith(SUFFIX):
            raise ValueError(f'names a shard "{shard}", which is no {SUFFIX} file beside it')
        offset, size = field(record, "offset", int), field(record, "stored_bytes", int)
        return cls(folder / shard, offset, size, field(record, STORED, str))

    def read(self) -> bytes:
        """Return the bytes; raise TrainingError that names the shard where they are not there."""
        try:
            with self.shard.open("rb") as file:
                file.seek(self.offset)
                data = file.read(self.size)
        except OSError as error:
            raise TrainingError(
                f"The shard {self.shard} cannot be read: {error.strerror}. {AGAIN}"
            ) from error
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise TrainingError(f"The shard {self.shard} is damaged. {AGAIN}")
        return data

    def decode(self) -> npt.NDArray[np.uint8]:
        """Return the picture, uint8 H W 3."""
        data = self.read()
        if data[:3] == b"\xff\xd8\xff":  # ours are upright and sRGB already: the short way
            with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
                if image.mode == "RGB" and not image.getexif():
                    return np.array(image)
        try:
            source = open_picture(data)
        except PictureError as error:
            raise PictureError(f"In the shard {self.shard}: {error}") from error
        return np.array(source.read(Window(0, 0, source.height, source.width)))


def field(record: Record, name: str, kind: type[T]) -> T:
    """Return a field of a record; raise ValueError, in words, if it is not there or no `kind`."""
    value = record.get(name)
    if not isinstance(value, kind) or (isinstance(value, int) and value < 0):
        raise ValueError(f"has no right {name}" if name in record else f"lacks {name}")
    return value


def shard_of(pictures: Iterable[tuple[str, bytes, Record]]) -> bytes:
    """Return the bytes of a shard of pictures: key, JPEG and record of each.

    A record in the shard holds the hash of the JPEG too.
    """
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for key, jpeg, record in pictures:
            stored = record | {STORED: hashlib.sha256(jpeg).hexdigest()}
            text = json.dumps(stored).encode()
            for suffix, data in ((".jpg", jpeg), (".json", text)):
                member = tarfile.TarInfo(key + suffix)
                member.size = len(data)
                tar.addfile(member, io.BytesIO(data))
    return file.getvalue()


def read_shard(path: Path) -> Iterator[tuple[Place, Record]]:
    """Give place and record of every picture of a shard; the record may be empty but for its file.

    Raises TrainingError where the file cannot be read, or is no whole tar file.
    """
    try:
        data = path.read_bytes()
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            members = {member.name: member for member in tar if member.isfile()}
    except (OSError, tarfile.TarError) as error:
        reason = getattr(error, "strerror", None) or error
        raise TrainingError(f"The shard {path} cannot be read: {reason}. {AGAIN}") from error
    view = memoryview(data)
    for name, member in members.items():
        stem, dot, suffix = name.rpartition(".")
        if dot + suffix.lower() not in PICTURES:
            continue
        picture = view[member.offset_data : member.offset_data + member.size]
        told = members.get(f"{stem}.json")
        text = view[told.offset_data : told.offset_data + told.size] if told else b"{}"
        place = Place(path, member.offset_data, member.size, hashlib.sha256(picture).hexdigest())
        yield place, {"file": name} | _record(bytes(text), path)


def _record(text: bytes, path: Path) -> Record:
    try:
        record = json.loads(text)
    except ValueError as error:
        raise TrainingError(
            f"The shard {path} is damaged: a record is not JSON. {AGAIN}"
        ) from error
    return record if isinstance(record, dict) else {}
