"""What there is to judge: the paintings that a report names, and what two of them compare."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path

from impasto.errors import UsageError
from impasto.evaluation.report import FILE, read_report

MAKE_ONE = "Make a report: impasto evaluate images --help"


@dataclass(frozen=True, order=True)
class Painting:
    """One photo, painted in one style by one model."""

    content: str
    style: str
    model: str


@dataclass(frozen=True, order=True)
class Duel:
    """Two models' paintings of one photo in one style; the models are in order of their names."""

    content: str
    style: str
    models: tuple[str, str]


def duel_of(content: str, style: str, one: str, other: str) -> Duel:
    """Return the duel of two models, whichever is named first."""
    return Duel(content, style, (one, other) if one < other else (other, one))


@dataclass(frozen=True)
class Exhibition:
    """The paintings of a report folder and the files they lie in, all of them inside it."""

    folder: Path
    files: Mapping[Painting, Path]
    contents: Mapping[str, Path]
    styles: Mapping[str, Path]

    @cached_property
    def duels(self) -> tuple[Duel, ...]:
        """Every two paintings of the same photo in the same style, sorted."""
        models: dict[tuple[str, str], list[str]] = {}
        for painting in sorted(self.files):
            models.setdefault((painting.content, painting.style), []).append(painting.model)
        return tuple(
            Duel(content, style, two)
            for (content, style), names in sorted(models.items())
            for two in combinations(names, 2)
        )


def open_exhibition(folder: Path) -> Exhibition:
    """Open what is to be judged in a report folder, made by ``impasto evaluate images``.

    Raises UsageError where there is no report, or it names pictures that are not in its folder.
    """
    report = read_report(folder)
    try:
        pairs = [
            (Painting(one["content"], one["style"], one["model"]), one["picture"])
            for one in report["pairs"]
            if one["picture"] is not None  # the photo itself and the style itself
        ]
        files = {pair: _inside(folder, picture) for pair, picture in pairs}
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(
            f'"{folder / FILE}" has a wrong list of pairs ({error!r}). {MAKE_ONE}'
        ) from error
    missing = [path for path in files.values() if not path.is_file()]
    if missing or not files:
        what = f'has no picture "{missing[0]}"' if missing else "names no paintings"
        raise UsageError(f'The report "{folder}" {what}. Let it be painted again. {MAKE_ONE}')
    return Exhibition(
        folder,
        files,
        dict(_beside(folder, "content", {painting.content for painting in files})),
        dict(_beside(folder, "styles", {painting.style for painting in files})),
    )


def _inside(folder: Path, picture: str) -> Path:
    """Return a file of the report; links and dots that lead out of its folder are refused."""
    path = folder / picture
    if not path.resolve().is_relative_to(folder.resolve()):
        raise UsageError(f'The report "{folder}" names "{picture}", which lies outside of it.')
    return path


def _beside(folder: Path, kind: str, names: set[str]) -> Iterator[tuple[str, Path]]:
    for name in sorted(names):
        path = _inside(folder, f"{kind}/{name}.jpg")
        if path.is_file():
            yield name, path
