"""The files of a data set: pictures of one folder or several, by name, and what is told of them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from impasto.errors import TrainingError
from impasto.images.folders import files_in
from impasto.styles.words import PICTURE_SUFFIXES
from impasto.training.data.manifest import TABLES, Told, read_manifests


@dataclass(frozen=True)
class Gathered:
    """Every picture file by its name in the set, sorted, before any is looked into.

    A name is the path within the folder; where there are several folders it begins with theirs.
    """

    places: Mapping[str, Path]
    told: Mapping[str, Told]  # what manifests say, by name
    others: Mapping[str, int]  # how many files are left out, by suffix


def gather(folders: Sequence[Path], skip: Path | None = None) -> Gathered:
    """Find the pictures of folders, at any depth.

    Args:
        skip: a folder that is not entered.

    Raises TrainingError where a folder is missing or no picture is found, or a manifest cannot be
    read.
    """
    places: dict[str, Path] = {}
    told: dict[str, Told] = {}
    others: Counter[str] = Counter()
    for folder, name in zip(folders, _names(folders), strict=True):
        for path in _files(folder, skip):
            if path.suffix.lower() in PICTURE_SUFFIXES:
                places[(name / path.relative_to(folder)).as_posix()] = path
            elif path.name not in TABLES:
                others[path.suffix.lower() or path.name] += 1
        for file, fields in read_manifests(folder).items():
            told[(name / file).as_posix()] = fields
    if not places:
        raise TrainingError(_empty(folders, others))
    return Gathered(dict(sorted(places.items())), told, dict(others.most_common()))


def is_picture(path: Path) -> bool:
    """Tell whether a file is called as pictures are."""
    return path.suffix.lower() in PICTURE_SUFFIXES and path.is_file()


def _names(folders: Sequence[Path]) -> list[Path]:
    """Return what the names of each folder's pictures begin with."""
    if len(folders) == 1:
        return [Path()]
    names = [folder.resolve().name for folder in folders]
    twice = {name for name in names if names.count(name) > 1}
    return [Path(f"{n}-{i}" if n in twice else n) for i, n in enumerate(names, 1)]


def _files(folder: Path, skip: Path | None) -> Iterator[Path]:
    if not folder.is_dir():
        raise TrainingError(f"There is no folder of pictures {folder}. Check the path.")
    return (path for path in files_in(folder, () if skip is None else (skip,)) if path.is_file())


def _empty(folders: Sequence[Path], others: Counter[str]) -> str:
    where = " and ".join(map(str, folders))
    if others[".tar"]:
        return f"{where} holds shards: it is prepared already. Name the folder of pictures."
    found = f" There are {', '.join(others)} files in it." if others else ""
    return (
        f"{where} holds no pictures ({', '.join(sorted(PICTURE_SUFFIXES))}).{found} Name another."
    )
