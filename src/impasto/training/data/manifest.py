"""What is told of pictures beside them: a manifest, one JSON object a line, or a CSV table."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from impasto.errors import TrainingError

MANIFEST = "manifest.jsonl"
JOURNAL = ".seen.jsonl"  # beside shards as long as they are not finished
TABLES = (MANIFEST, "metadata.jsonl", "manifest.csv", "metadata.csv")

Told = dict[str, Any]  # the fields of one picture

# Our names first, then those that others use for the same.
NAMES = {
    "file": ("file", "file_name", "filename", "name", "path"),
    "licence": ("licence", "license", "rights"),
    "artist": ("artist", "creator", "author", "photographer"),
    "date": ("date", "date_created", "year"),
    "source": ("source", "source_url", "url"),
}
OURS = {theirs: ours for ours, others in NAMES.items() for theirs in others}


def read_manifests(folder: Path) -> dict[str, Told]:
    """Return what the manifests in a folder, and in folders of it, tell: fields by file name.

    The names are paths within the folder. Raises TrainingError, with file and line, for a line
    that is no object or names no file.
    """
    told: dict[str, Told] = {}
    for name in TABLES:
        for path in sorted(folder.rglob(name)):
            inside = path.parent.relative_to(folder)
            for number, fields in _rows(path):
                file = fields.pop("file", None)
                if not isinstance(file, str) or not file:
                    raise TrainingError(
                        f'{path}, line {number} names no picture. Each needs a field "file".'
                    )
                told.setdefault((inside / file).as_posix(), {}).update(fields)
    return told


def without_empty(record: Mapping[str, Any]) -> Told:
    """Return a record without the fields that say nothing."""
    return {key: value for key, value in record.items() if value not in (None, "", [], {})}


def lines_of(records: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Give records as lines of JSON, without the fields that say nothing."""
    for record in records:
        text = json.dumps(without_empty(record), ensure_ascii=False)
        yield text.encode("utf-8", "backslashreplace") + b"\n"  # as JSON escapes what is no text


def read_lines(path: Path) -> Iterator[tuple[int, Told]]:
    """Give number and fields of each line of a file of JSON lines; or raise TrainingError."""
    for number, line in enumerate(_text(path).split("\n"), 1):  # other breaks may be in texts
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
        except ValueError as error:
            raise TrainingError(f"{path}, line {number} is not JSON ({error}).") from error
        if not isinstance(fields, dict):
            raise TrainingError(f"{path}, line {number} is not a JSON object. Correct it.")
        yield number, fields


def period_of(fields: Mapping[str, Any]) -> str | None:
    """Return the period that is told, or the century of the date.

    >>> period_of({"date": "about 1830"})
    '19th century'
    """
    if told := fields.get("period"):
        return str(told)
    year = re.search(r"\b(1\d|20)\d\d\b", str(fields.get("date", "")))
    if year is None:
        return None
    century = (int(year[0]) - 1) // 100 + 1
    return f"{century}{'st' if century == 21 else 'th'} century"


def _rows(path: Path) -> Iterator[tuple[int, Told]]:
    if path.suffix == ".csv":
        rows = csv.DictReader(io.StringIO(_text(path), newline=""))
        numbered: Iterable[tuple[int, Told]] = ((rows.line_num, row) for row in rows)
    else:
        numbered = read_lines(path)
    for number, fields in numbered:
        named = {OURS.get(str(key).lower(), str(key)): value for key, value in fields.items()}
        yield number, {key: value for key, value in named.items() if value not in (None, "")}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise TrainingError(f"{path} cannot be read: {reason}.") from error
