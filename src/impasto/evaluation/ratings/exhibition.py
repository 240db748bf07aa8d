"""What there is to judge: the paintings that a report names, and what two of them compare."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Any

from impasto.errors import UsageError

SCHEMA = "impasto-report/1"
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
    report = _read(folder)
    try:
        pairs = [
            (Painting(one["content"], one["style"], one["model"]), one["picture"])
            for one in report["pairs"]
        ]
        files = {pair: _inside(folder, picture) for pair, picture in pairs}
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(
            f'"{folder / "report.json"}" has a wrong list of pairs ({error!r}). {MAKE_ONE}'
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


def _read(folder: Path) -> dict[str, Any]:
    path = folder / "report.json"
    try:
        report = json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UsageError(f'"{folder}" is no report: it has no report.json. {MAKE_ONE}') from error
    except (OSError, ValueError) as error:
        raise UsageError(f'"{path}" cannot be read ({error}). {MAKE_ONE}') from error
    schema = report.get("schema") if isinstance(report, dict) else None
    if schema != SCHEMA:
        raise UsageError(f'"{path}" is of schema {schema!r}, not {SCHEMA!r}. {MAKE_ONE}')
    assert isinstance(report, dict)
    return report


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
