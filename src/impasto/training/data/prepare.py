"""Prepare a data set: pictures checked, reduced, in sRGB, split, and packed into shards."""

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from impasto.device.processor import usable_cores
from impasto.device.progress import OnProgress, counted
from impasto.errors import OutputError, TrainingError
from impasto.images.source import open_picture
from impasto.settings.dataset import PrepareSettings
from impasto.training.data.check import Checked, check
from impasto.training.data.croissant import CROISSANT, croissant
from impasto.training.data.journal import Journal
from impasto.training.data.loader import Loader
from impasto.training.data.manifest import JOURNAL, MANIFEST, lines_of, without_empty
from impasto.training.data.pictures import group_of, reduced
from impasto.training.data.shards import STORED, SUFFIX, Place, Record, read_shard, shard_of
from impasto.training.data.split import held_out
from impasto.weights.files import write_atomically
from impasto.weights.locks import held

SKIPPED = "skipped.jsonl"
OURS = (MANIFEST, SKIPPED, CROISSANT, JOURNAL)
SPLITS = ("train", "held-out")


@dataclass(frozen=True)
class Member:
    """One picture that a shard is to hold."""

    key: str
    path: Path
    record: Record


@dataclass(frozen=True)
class Prepared:
    """A data set that was made."""

    folder: Path
    checked: Checked
    counts: Mapping[str, int]  # pictures of each split
    shards: int
    written: int  # shards that were not there already


def prepare(
    folders: Sequence[Path],
    output: Path,
    settings: PrepareSettings,
    *,
    on_progress: OnProgress | None = None,
) -> Prepared:
    """Make a data set of the pictures of folders, without what is wrong with them.

    The output holds shards, ``manifest.jsonl``, ``skipped.jsonl`` and ``croissant.json``; the same
    pictures and settings give the same bytes. After any stop the same call goes on: shards that
    are whole stay. Events are of the kinds "look" and "write".

    Raises TrainingError where no picture can be kept or too few to split, and OutputError where
    the output holds other files, is at work in another process or cannot be written.
    """
    with held(output, "Wait until it is done, or choose a new folder for the data."):
        _claim(output)
        return _made(folders, output, settings, on_progress)


def _made(
    folders: Sequence[Path],
    output: Path,
    settings: PrepareSettings,
    on_progress: OnProgress | None,
) -> Prepared:
    with Journal(output / JOURNAL) as journal:
        checked = check(folders, settings, skip=output, journal=journal, on_progress=on_progress)
    shards = plan(checked, settings)
    places = {name: _whole(output / name, members) for name, members in shards.items()}
    todo = [name for name, there in places.items() if not there]
    if todo:
        (output / MANIFEST).unlink(missing_ok=True)  # it tells of shards that change now
    missing = [member for name in todo for member in shards[name]]
    workers, total = settings.workers or usable_cores(), sum(map(len, shards.values()))

    def encoded(number: int) -> bytes:
        return encode(missing[number].path, settings)

    with Loader(encoded, 0, len(missing), workers=workers, ahead=4 * workers) as loader:
        jpegs = counted(loader, total, "write", on_progress, total - len(missing))
        for name in todo:
            pictures = [
                (m.key, jpeg, m.record) for m, jpeg in zip(shards[name], jpegs, strict=False)
            ]
            write_atomically(output / name, shard_of(pictures))
            places[name] = [place for place, _ in read_shard(output / name)]
    _finish(output, checked, shards, places)
    counts = Counter(m.record["split"] for members in shards.values() for m in members)
    return Prepared(output, checked, counts, len(shards), len(todo))


def plan(checked: Checked, settings: PrepareSettings) -> dict[str, list[Member]]:
    """Return which pictures each shard is to hold, by its name."""
    good = checked.good()
    if not good:
        first = checked.problems[0]
        raise TrainingError(
            f"Not one of {len(checked.files.places)} pictures can be used. "
            f"{first.file}: {first.text} See all of them: impasto dataset check"
        )
    out = held_out([one.sha256 for one in good], settings.seed, settings.held_out)
    members: dict[str, list[Member]] = {split: [] for split in SPLITS}
    for number, (one, is_out) in enumerate(zip(good, out, strict=True)):
        split = SPLITS[is_out]
        known = {"split": split, "group": group_of(one.file), "side": settings.side}
        made = known | {"by": settings.by, "quality": settings.quality}
        record = without_empty(checked.record(one) | made)
        members[split].append(Member(f"{number:06}", checked.files.places[one.file], record))
    size = settings.shard
    return {
        f"{split}-{start // size:06}{SUFFIX}": members[split][start : start + size]
        for split in SPLITS
        for start in range(0, len(members[split]), size)
    }


def encode(path: Path, settings: PrepareSettings) -> bytes:
    """Return a picture as it goes into a shard: a JPEG file, reduced, without metadata."""
    source = open_picture(path, max_pixels=settings.max_pixels)
    short, long = sorted((source.height, source.width))
    side = settings.side if settings.by == "short" else max(1, settings.side * short // long)
    file = io.BytesIO()
    image = Image.fromarray(reduced(source, side))
    image.save(file, "JPEG", quality=settings.quality, subsampling="4:4:4")
    return file.getvalue()


def _claim(output: Path) -> None:
    """Refuse a folder that holds files of somebody else; drop what a killed process left."""
    try:
        found = list(output.iterdir())
        for path in found:
            if path.suffix == ".part" and path.name[1:].startswith((*SPLITS, *OURS)):
                path.unlink()  # a file that was being written when the work was killed
    except OSError as error:
        raise OutputError(f"Cannot write into {output}: {error.strerror}.") from error
    others = [
        path.name
        for path in found
        if path.name not in OURS and path.suffix not in (SUFFIX, ".part")
    ]
    if others:
        raise OutputError(
            f'{output} holds other files, such as "{others[0]}". Choose a new folder for the data.'
        )


def _whole(shard: Path, members: Sequence[Member]) -> list[Place]:
    """Return where the pictures of a shard lie if it holds these, undamaged; else nothing."""
    try:
        found = list(read_shard(shard))
    except TrainingError:
        return []
    wanted = [
        member.record | {STORED: place.sha256}
        for member, (place, _) in zip(members, found, strict=False)
    ]
    same = len(found) == len(members) and [record for _, record in found] == wanted
    return [place for place, _ in found] if same else []


def _finish(
    output: Path,
    checked: Checked,
    shards: Mapping[str, Sequence[Member]],
    places: Mapping[str, Sequence[Place]],
) -> None:
    """Write what is told beside the shards, the manifest last: with it the data set is whole."""
    pairs = [
        (member.record, place)
        for name, members in shards.items()
        for member, place in zip(members, places[name], strict=True)
    ]
    lines = [record | place.to_record() for record, place in pairs]
    kept = {record["file"] for record, _ in pairs}
    skipped = (vars(problem) for problem in checked.problems if problem.file not in kept)
    write_atomically(output / SKIPPED, lines_of(skipped))
    described = croissant(output, list(shards), lines)
    write_atomically(output / CROISSANT, described)
    write_atomically(output / MANIFEST, lines_of(lines))
    for path in output.glob(f"*{SUFFIX}"):
        if path.name not in shards:
            path.unlink()
    (output / JOURNAL).unlink()
