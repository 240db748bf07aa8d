"""The pictures a network learns from: those of a folder, or of shards that were prepared."""

import hashlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePath
from typing import overload

import numpy as np
import numpy.typing as npt

from impasto.errors import ImpastoError, PictureError, TrainingError
from impasto.images.folders import files_in
from impasto.images.samples import to_depth, to_samples
from impasto.images.source import Source, open_picture
from impasto.images.window import Window
from impasto.styles.words import PICTURE_SUFFIXES
from impasto.training.data.gather import is_picture
from impasto.training.data.manifest import JOURNAL, MANIFEST, read_lines
from impasto.training.data.shards import AGAIN, SUFFIX, Place, field, read_shard
from impasto.training.data.split import HELD_OUT, Split, held_out
from impasto.weights.files import sha256_of

Pixels = npt.NDArray[np.uint8]  # H W 3, RGB

MEMORY = 1_500_000_000  # bytes of decoded pictures that are kept
SHORT_SIDE = 512  # of pictures from a plain folder; larger ones are reduced


@dataclass(frozen=True)
class Entry:
    """One picture before it is decoded."""

    name: str  # path within the folder, with slashes
    group: str
    sha256: str  # of the original file: decides the split
    content: str  # hash of the bytes that are decoded: decides the fingerprint
    decode: Callable[[], Pixels]


class Pictures(Sequence[Pixels]):
    """Pictures as arrays uint8 H W 3, RGB, upright and in sRGB; decoded when first asked for.

    They are kept in memory while they fit, and else decoded each time. Threads may read at once.
    """

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = tuple(entries)
        self._kept: dict[int, Pixels] = {}
        self._room = MEMORY
        self._lock = threading.Lock()

    @property
    def names(self) -> tuple[str, ...]:
        """The name of each picture: its path within the folder."""
        return tuple(entry.name for entry in self._entries)

    @property
    def groups(self) -> tuple[str, ...]:
        """The group of each picture: its top folder, or its name up to the first underscore."""
        return tuple(entry.group for entry in self._entries)

    @property
    def fingerprint(self) -> str:
        """A hash that changes with names, contents and order of the pictures."""
        lines = (f"{entry.name}\0{entry.content}\n" for entry in self._entries)
        return hashlib.sha256("".join(lines).encode("utf-8", "surrogateescape")).hexdigest()

    def __len__(self) -> int:
        return len(self._entries)

    def __add__(self, other: "Pictures") -> "Pictures":
        """Return these pictures and others after them."""
        return Pictures((*self._entries, *other._entries))

    @overload
    def __getitem__(self, index: int) -> Pixels: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Pixels]: ...

    def __getitem__(self, index: int | slice) -> Pixels | Sequence[Pixels]:
        """Return a picture, not to be written into; raise PictureError if it cannot be read."""
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        number = range(len(self))[index]
        kept = self._kept.get(number)
        return self._decode(number) if kept is None else kept

    def _decode(self, number: int) -> Pixels:
        pixels = self._entries[number].decode()
        pixels.flags.writeable = False
        with self._lock:
            if number not in self._kept and pixels.nbytes <= self._room:
                self._room -= pixels.nbytes
                self._kept[number] = pixels
        return pixels


def open_pictures(
    path: Path, split: Split = "all", seed: int = 0, *, share: float = HELD_OUT
) -> Pictures:
    """Open the pictures of a folder, at any depth, or of one that `impasto dataset prepare` wrote.

    Args:
        split: all of them, those to train on, or those held out. Which are held out follows from
            each picture's content; in a prepared folder it was settled when that was made.
        seed: of the split of a plain folder.
        share: of a plain folder that is held out.

    Raises:
        TrainingError: there is no such folder, no picture in it, or too few to split.
        PictureError: a picture or shard cannot be read.
    """
    if not path.is_dir():
        raise TrainingError(f"There is no folder of pictures {path}. Check the path.")
    if (path / JOURNAL).exists() and not (path / MANIFEST).exists():
        raise TrainingError(
            f"{path} is not finished. Run the same impasto dataset prepare again: it goes on."
        )
    if (path / MANIFEST).exists() and any(path.glob(f"*{SUFFIX}")):
        return Pictures(_prepared(path, split))
    entries = _plain(path) or _foreign(path)
    if not entries:
        raise TrainingError(
            f"{path} holds no pictures ({', '.join(sorted(PICTURE_SUFFIXES))}). "
            "Give a folder with pictures in it, or in folders of it."
        )
    if split == "all":
        return Pictures(entries)
    out = held_out([entry.sha256 for entry in entries], seed, share)
    wanted = split == "held-out"
    return Pictures([e for e, is_out in zip(entries, out, strict=True) if is_out == wanted])


def group_of(name: str) -> str:
    """Return the group of a picture: its top folder, or its name up to the first underscore.

    >>> group_of("monet/lilies_1.jpg"), group_of("monet_lilies.jpg")
    ('monet', 'monet')
    """
    parts = PurePath(name).parts
    return parts[0] if len(parts) > 1 else PurePath(name).stem.split("_")[0]


def reduced(source: Source, short_side: int) -> Pixels:
    """Return a whole picture in 8 bits, its short side at most so many pixels."""
    height, width = source.height, source.width
    if min(height, width) <= short_side:
        return np.array(to_depth(source.read(Window(0, 0, height, width)), 8))
    longest = round(max(height, width) * short_side / min(height, width))
    return to_samples(source.thumbnail(longest), 8)


def _prepared(folder: Path, split: Split) -> list[Entry]:
    """Return the pictures of shards that were made here; the manifest has the split."""
    entries, ends = [], dict[Path, int]()
    for number, record in read_lines(folder / MANIFEST):
        try:
            place = Place.from_record(folder, record)
            file, sha256, told = (field(record, n, str) for n in ("file", "sha256", "split"))
            group = str(record.get("group", ""))  # what is empty is not written
        except ValueError as error:
            raise TrainingError(
                f"{folder / MANIFEST}, line {number} {error}. Prepare the data again."
            ) from error
        ends[place.shard] = max(ends.get(place.shard, 0), place.offset + place.size)
        if split in ("all", told):
            entries.append(Entry(file, group, sha256, place.sha256, place.decode))
    for shard, end in ends.items():
        if not shard.is_file() or shard.stat().st_size < end:
            trouble = "ends early" if shard.is_file() else "is missing"
            raise TrainingError(f"The shard {shard} {trouble}. {AGAIN}")
    return sorted(entries, key=lambda entry: entry.name)


def _foreign(folder: Path) -> list[Entry]:
    """Return the pictures of shards that others made."""
    found = [pair for path in sorted(folder.glob(f"*{SUFFIX}")) for pair in read_shard(path)]
    return [
        Entry(f"{place.shard.stem}/{record['file']}", group_of(str(record["file"])),
              place.sha256, place.sha256, place.decode)
        for place, record in found
    ]  # fmt: skip


def _plain(folder: Path) -> list[Entry]:
    paths = filter(is_picture, files_in(folder))
    return sorted((_entry(folder, path) for path in paths), key=lambda entry: entry.name)


def _entry(folder: Path, path: Path) -> Entry:
    name = path.relative_to(folder).as_posix()
    try:
        stat = path.stat()
        sha256 = _hash(path, stat.st_size, stat.st_mtime_ns)
    except OSError as error:
        raise PictureError(f'"{path}" cannot be read: {error.strerror}.') from error
    return Entry(name, group_of(name), sha256, sha256, lambda: _open(folder, path))


@cache
def _hash(path: Path, size: int, changed: int) -> str:
    """Return a file's hash, once as long as it stays the same: both splits need those of all."""
    return sha256_of(path)


def _open(folder: Path, path: Path) -> Pixels:
    try:
        return reduced(open_picture(path), SHORT_SIDE)
    except ImpastoError as error:
        raise PictureError(
            f"{error} See what else is wrong with these pictures: impasto dataset check {folder}"
        ) from error
