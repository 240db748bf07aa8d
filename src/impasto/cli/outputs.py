"""Which pictures are meant, and where each painting goes: settled before any work starts."""

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from impasto.errors import OutputError, UsageError
from impasto.styles.words import PICTURE_SUFFIXES, parse_word

WRITABLE = frozenset(PICTURE_SUFFIXES)
FALLBACK = ".png"


@dataclass(frozen=True)
class Job:
    """One picture to paint, and the file it becomes."""

    picture: Path
    output: Path


def plan(pictures: Sequence[Path], words: Sequence[str], output: str | None) -> list[Job]:
    """Return one job a picture; raise UsageError where two would meet in one file.

    Folders mean the pictures in them. Paintings are named photo.style.jpg, beside the photo or in
    the output folder; only a single picture can be given the name of its output. An output folder
    is made.
    """
    label = label_of(words)
    found = list(_expand(pictures, label))
    single = len(found) == 1 and not pictures[0].is_dir()
    if output is not None and single and not _means_folder(output):
        jobs = [Job(found[0], Path(output))]
    else:
        folder = None if output is None else _folder(Path(output), len(found))
        jobs = [Job(one, (folder or one.parent) / painted_name(one, label)) for one in found]
    _check(jobs)
    return jobs


def label_of(words: Sequence[str]) -> str:
    """Return what the styles are called in a file name.

    >>> label_of(["great-wave:0.6", "paintings/My Own.jpg:0.4"])
    'great-wave+My-Own'
    """
    names = [_short(parse_word(word).name) for word in words]
    return re.sub(r"[^\w.+-]+", "-", "+".join(names)).strip("-")[:120]


def _short(name: str) -> str:
    path = Path(name)
    known = path.suffix.lower() in (*PICTURE_SUFFIXES, ".style")
    return path.stem if known else path.name


def painted_name(picture: Path, label: str) -> str:
    """Return the name of a painting; a format that cannot be written becomes PNG.

    >>> painted_name(Path("shots/photo.jpg"), "starry-night")
    'photo.starry-night.jpg'
    """
    suffix = picture.suffix if picture.suffix.lower() in WRITABLE else FALLBACK
    return f"{picture.stem}.{label}{suffix}"


def _expand(pictures: Iterable[Path], label: str) -> Iterable[Path]:
    for path in pictures:
        if not path.is_dir():
            yield path
            continue
        inside = sorted(p for p in path.iterdir() if p.suffix.lower() in WRITABLE and p.is_file())
        photos = [p for p in inside if not p.name.startswith(".")]
        # Paintings that an earlier run left beside their photos are not painted again.
        earlier = {painted_name(p, label) for p in photos}
        kept = [p for p in photos if p.name not in earlier]
        if not kept:
            raise UsageError(
                f'There is no picture in the folder "{path}". '
                f"Pictures end in {' '.join(PICTURE_SUFFIXES)}"
            )
        yield from kept


def _means_folder(output: str) -> bool:
    return output.endswith(("/", os.sep)) or Path(output).is_dir()


def _folder(output: Path, count: int) -> Path:
    if count > 1 and not output.is_dir() and output.suffix.lower() in WRITABLE:
        raise UsageError(
            f'{count} pictures do not fit into the one file "{output}". '
            f"Name a folder: --output {output.with_suffix('')}/"
        )
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f'The folder "{output}" cannot be made: {error.strerror}.') from error
    return output


def _check(jobs: Sequence[Job]) -> None:
    taken: dict[str, Path] = {}
    sources = {os.path.realpath(job.picture) for job in jobs}
    for job in jobs:
        place = os.path.realpath(job.output)
        if place in taken:
            raise UsageError(
                f'"{taken[place]}" and "{job.picture}" would both be written to "{job.output}". '
                "Paint them in two runs, with two outputs."
            )
        if place in sources:
            raise UsageError(
                f'The output "{job.output}" is one of the pictures to paint. '
                "Choose another --output."
            )
        taken[place] = job.picture
