"""Check pictures before anything is learned from them: what is wrong, and how varied they are."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from impasto.catalog.attributes import shape_of
from impasto.catalog.likeness import alike
from impasto.device.processor import usable_cores
from impasto.device.progress import OnProgress, counted
from impasto.settings.dataset import CheckSettings
from impasto.training.data.diversity import Facet, facets
from impasto.training.data.gather import Gathered, gather
from impasto.training.data.inspection import Inspection, Problem, inspect
from impasto.training.data.journal import Journal
from impasto.training.data.loader import Loader
from impasto.training.data.manifest import Told, period_of

UNIFORM = 0.02  # contrast below which nothing is to be seen
NOT_STATED = "not stated"


@dataclass(frozen=True)
class Checked:
    """What was found in a set of pictures, by name."""

    files: Gathered
    pictures: tuple[Inspection, ...]  # those that can be read
    problems: tuple[Problem, ...]
    licence: str | None = None  # of pictures whose manifest states none

    def good(self) -> list[Inspection]:
        """Return the pictures to learn from; a wrong suffix does no harm."""
        bad = _unfit(self.problems)
        return [picture for picture in self.pictures if picture.file not in bad]

    def record(self, picture: Inspection) -> dict[str, Any]:
        """Return all that is known of a picture, for a manifest."""
        told = self.files.told.get(picture.file, {})
        known = {key: getattr(picture, key) for key in ("sha256", "width", "height", "bytes")}
        licence = told.get("licence", self.licence)
        return {"file": picture.file, **told, **known, "licence": licence}

    def licences(self) -> dict[str, int]:
        """Return how many readable pictures state each licence, most first."""
        stated = (self.record(picture)["licence"] or NOT_STATED for picture in self.pictures)
        return dict(Counter(map(str, stated)).most_common())

    def facets(self) -> list[Facet]:
        """Return how varied the readable pictures are."""
        return facets(self._words(picture) for picture in self.pictures)

    def _words(self, picture: Inspection) -> dict[str, Any]:
        assert picture.attributes is not None
        record = self.record(picture)
        shape = {"shape": shape_of(picture.height, picture.width)}
        measured = shape | picture.attributes.words()
        return {**record, "period": period_of(record), "measured": measured}


def check(
    folders: Sequence[Path],
    settings: CheckSettings,
    *,
    skip: Path | None = None,
    journal: Journal | None = None,
    on_progress: OnProgress | None = None,
) -> Checked:
    """Look at every picture of folders, at any depth.

    Args:
        skip: a folder that is not entered.
        journal: keeps what was seen.
        on_progress: gets events of the kind "look".

    Raises TrainingError where a folder is missing or no picture is found, or a manifest cannot be
    read.
    """
    files = gather(folders, skip)
    seen = list(_inspected(files.places, settings, journal, on_progress))
    pictures = tuple(one for one in seen if one.look is not None)
    problems = [one.problem for one in seen if one.problem is not None]
    for one in pictures:
        problems += _problems(one, files.told.get(one.file, {}), settings)
    bad = _unfit(problems)  # so that no copy is kept for the sake of these
    problems += copies([one for one in pictures if one.file not in bad], settings.near)
    return Checked(files, pictures, tuple(problems), settings.licence)


def _unfit(problems: Iterable[Problem]) -> set[str]:
    """Return the pictures that nothing is learned from: all but those of a wrong suffix."""
    return {problem.file for problem in problems if problem.kind != "mislabelled"}


def copies(pictures: Sequence[Inspection], bits: int) -> Iterator[Problem]:
    """Give a problem for each picture that is the same as another one, of which the best is kept.

    The best has the most pixels. Each copy is one of a picture that is kept, so that a row of
    pictures of which each is like the next does not count as one.
    """
    ranked = sorted(pictures, key=lambda one: (-one.pixels, one.file))
    looks = [one.look for one in ranked if one.look is not None]
    better: defaultdict[int, list[int]] = defaultdict(list)
    for i, j in alike(looks, bits):
        better[j].append(i)
    dropped: set[int] = set()
    first: dict[str, int] = {}
    for number, one in enumerate(ranked):
        kept = next((i for i in better[number] if i not in dropped), None)
        exact = first.setdefault(one.sha256, number)
        if exact != number:
            dropped.add(number)
            yield Problem(one.file, "duplicate", f"It is the same file as {ranked[exact].file}.")
        elif kept is not None:
            dropped.add(number)
            yield Problem(one.file, "near", f"It looks the same as {ranked[kept].file}.")


def _inspected(
    places: Mapping[str, Path],
    settings: CheckSettings,
    journal: Journal | None,
    on_progress: OnProgress | None,
) -> Iterator[Inspection]:
    """Look at every file, several at once; what the journal knows is not looked at again."""
    known = {} if journal is None else {f: journal.find(f, p) for f, p in places.items()}
    new = [(file, path) for file, path in places.items() if known.get(file) is None]
    workers = settings.workers or usable_cores()

    def look(number: int) -> Inspection:
        file, path = new[number]
        return inspect(path, file, settings.max_pixels)

    found = {file: one for file, one in known.items() if one is not None}
    with Loader(look, 0, len(new), workers=workers, ahead=4 * workers) as looked:
        for one in counted(looked, len(places), "look", on_progress, len(found)):
            found[one.file] = one
            if journal is not None:
                journal.add(places[one.file], one)
    yield from (found[file] for file in places)


def _problems(one: Inspection, told: Told, settings: CheckSettings) -> Iterator[Problem]:
    """Give what is wrong with a readable picture by its size, its content, or its manifest."""
    if min(one.width, one.height) < settings.min_side:
        size = f"It has {one.width} x {one.height} pixels"
        yield Problem(one.file, "tiny", f"{size}; {settings.min_side} a side are wanted.")
    if one.attributes is not None and one.attributes.contrast < UNIFORM:
        yield Problem(one.file, "uniform", "It shows hardly anything: nearly one color.")
    if told.get("sha256", one.sha256) != one.sha256:
        text = "The manifest tells of another file: its sha256 differs."
        yield Problem(one.file, "mislabelled", f"{text} Make the manifest anew.")
    kind = told.get("kind")
    if settings.kind is not None and kind is not None and kind != settings.kind:
        yield Problem(one.file, "other kind", f"The manifest says that it is a {kind}.")
