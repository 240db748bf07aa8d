"""What a request asks for: its words become files, styles and settings; no word is ever a path."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from impasto.errors import PictureTooLarge, SettingError, UnknownStyle, UsageError, did_you_mean
from impasto.images.guard import kind_of
from impasto.images.masks import mask_from_picture
from impasto.images.source import Source
from impasto.methods.base import Region
from impasto.serving.media import SUFFIXES, WRITTEN
from impasto.serving.offered import STARTS, offered
from impasto.serving.palettes import colors_of
from impasto.serving.workers.base import Task
from impasto.settings.fields import settings_of
from impasto.settings.schema import from_mapping
from impasto.styles.gallery import find, names
from impasto.styles.style import Style, mix

ASSET = "asset:"
WORD = re.compile(
    r"(?P<name>asset:[0-9a-f]{64}|[a-z0-9]+(-[a-z0-9]+)*)(:(?P<weight>[0-9.]{1,24}))?"
)
Settings = TypeVar("Settings")
OpenPainting = Callable[[Path, str], Style]
OpenNamed = Callable[[str], Style]


def file_of(task: Task, id: object) -> Path:
    """Return the file of an asset; raise UsageError where the request was not given it."""
    if not isinstance(id, str) or id not in task.inputs:
        raise UsageError(f'There is no asset "{str(id)[:64]}". Upload the file first.')
    return task.inputs[id]


def words_of(value: object) -> list[str]:
    """Return one word or several as a list."""
    several = [value] if isinstance(value, str) else value
    if not isinstance(several, Sequence) or not all(isinstance(word, str) for word in several):
        raise UsageError("Give a word, or a list of words.")
    return list(several)


def split(word: str) -> tuple[str, float]:
    """Return name and weight of a style word.

    >>> split("great-wave:0.6")
    ('great-wave', 0.6)
    """
    found = WORD.fullmatch(word)
    try:
        if found is not None:
            return found["name"], float(found["weight"] or 1)
    except ValueError:
        pass
    raise UnknownStyle(
        f'There is no style "{word[:80]}".{did_you_mean(word, names())} Give a name of the '
        "gallery or the id of an upload, as asset:ID, each with :WEIGHT if wished."
    )


def style_of(
    task: Task, words: Iterable[str], painting: OpenPainting, named: OpenNamed = find
) -> Style:
    """Return the one style that words mean: names, or uploads, which are paintings or style files.

    Args:
        painting: makes a style of a picture file, by a name.
        named: opens a style by its name.
    """
    styles, weights = [], []
    for word in words:
        name, weight = split(word)
        styles.append(_uploaded(task, name, painting) if name.startswith(ASSET) else named(name))
        weights.append(weight)
    if not styles:
        raise UsageError("Which style? Give a name of the gallery, or an upload as asset:ID.")
    return mix(styles, weights)


def _uploaded(task: Task, name: str, painting: OpenPainting) -> Style:
    id = name.removeprefix(ASSET)
    path = file_of(task, id)
    return painting(path, f"painting-{id[:12]}") if is_picture(path) else Style.load(path)


def is_picture(path: Path) -> bool:
    """Tell a picture from a style file, by its first bytes."""
    with path.open("rb") as file:
        return kind_of(file.read(32)) is not None


def regions_of(
    task: Task, source: Source, feather: float, style: Callable[[list[str]], Style]
) -> list[Region]:
    """Return the regions that a request draws; a style of null leaves the photo there."""
    regions = []
    for asked in task.request.get("regions") or ():
        mask = mask_from_picture(file_of(task, asked["mask"]), source).feathered(feather)
        words = asked.get("style")
        painted = None if words is None else style(words_of(words))
        regions.append(Region(mask, painted, float(asked.get("weight", 1))))
    return regions


def settings_from(task: Task, kind: type[Settings], **known: Any) -> Settings:
    """Return the settings of a request, with what the machine gives; others it cannot set."""
    mine = {one.name for one in offered(kind)} - {"palette"}
    asked = {k: v for k, v in task.request.items() if k in mine and v is not None}
    if asked.get("init", STARTS[0]) not in STARTS:
        raise SettingError(f"init must be one of {', '.join(STARTS)}.")
    if palette := task.request.get("palette"):
        asked["palette"] = colors_of(words_of(palette))
    if quality := (task.request.get("output") or {}).get("quality"):
        asked["quality"] = quality
    if any(one.name == "max_pixels" for one in settings_of(kind)):
        known["max_pixels"] = task.max_pixels
    return from_mapping(kind, {**asked, **known})


def place_of(task: Task, stem: str = "painting") -> Path:
    """Return the file to write, in the task's folder and of the format that is asked for."""
    wanted = (task.request.get("output") or {}).get("format") or "jpeg"
    if wanted not in WRITTEN:
        raise SettingError(f'There is no format "{wanted}". Known: {", ".join(WRITTEN)}.')
    return task.folder / f"{stem}{SUFFIXES[wanted]}"


def check_output(task: Task, height: int, width: int) -> None:
    """Raise PictureTooLarge for a result of more pixels than a task may have."""
    if height * width > task.max_output:
        raise PictureTooLarge(
            f"The result would have {height * width:,} pixels, {task.max_output:,} are allowed. "
            "Ask for a smaller size."
        )


def told(record: Mapping[str, object], request: Mapping[str, Any]) -> dict[str, object]:
    """Return what a painting discloses, and its request, which can be sent again."""
    result = {**record, "request": dict(request)}
    if regions := request.get("regions"):  # drawn in files, which a fingerprint of settings has not
        both = f"{record['fingerprint']} {json.dumps(regions, sort_keys=True)}"
        result["fingerprint"] = hashlib.sha256(both.encode()).hexdigest()[:32]
    return result
