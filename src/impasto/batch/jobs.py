"""Which pictures are meant, and where each painting goes: settled before any work starts."""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from impasto.batch.folders import pictures_in
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

    Folders mean the pictures in them at any depth, without hidden files, outputs of earlier runs
    and the output folder. Paintings are named photo.style.jpg, beside the photo or in the output
    folder, which keeps the folders that the photos came in; only a single picture can be given the
    name of its output. Output folders are made.
    """
    label = label_of(words)
    found = list(_expand(pictures, label, output))
    if not found:
        raise UsageError("No picture was named. Give at least one picture or folder.")
    single = len(found) == 1 and not os.path.isdir(pictures[0])
    if output is not None and single and not _means_folder(output):
        jobs = [Job(found[0][0], Path(output))]
    else:
        top = None if output is None else _output_folder(Path(output), len(found))
        jobs = [
            Job(one, (one.parent if top is None else top / within) / painted_name(one, label))
            for one, within in found
        ]
    check_jobs(jobs)
    if output is not None and jobs[0].output != Path(output):
        make_folders(jobs)
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


def _expand(
    pictures: Sequence[Path], label: str, output: str | None
) -> Iterator[tuple[Path, Path]]:
    """Give every picture with the folder that it lies in, within the one that was named."""
    skip = [] if output is None else [Path(output)]
    for path in pictures:
        if not os.path.isdir(path):
            yield path, Path()
            continue
        inside = list(pictures_in(path, skip))
        # By name too: in a BMP or GIF there is no place to say that it was painted.
        earlier = {one.with_name(painted_name(one, label)) for one in inside}
        kept = [one for one in inside if one not in earlier]
        if not kept:
            raise UsageError(
                f'There is no picture in the folder "{path}". '
                f"Pictures end in {' '.join(PICTURE_SUFFIXES)}"
            )
        yield from ((one, one.parent.relative_to(path)) for one in kept)


def _means_folder(output: str) -> bool:
    return output.endswith(("/", os.sep)) or os.path.isdir(output)


def _output_folder(output: Path, count: int) -> Path:
    if count > 1 and not os.path.isdir(output) and output.suffix.lower() in WRITABLE:
        raise UsageError(
            f'{count} pictures do not fit into the one file "{output}". '
            f"Name a folder: --output {output.with_suffix('')}/"
        )
    return output


def make_folders(jobs: Sequence[Job]) -> None:
    """Make the folders of the outputs; raise OutputError where that fails."""
    for folder in sorted({job.output.parent for job in jobs}):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f'The folder "{folder}" cannot be made: {error.strerror}.') from error


def check_jobs(jobs: Sequence[Job]) -> None:
    """Raise UsageError where an output is a picture to paint, or the output of another one."""
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
