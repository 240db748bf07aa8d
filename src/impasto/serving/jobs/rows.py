"""Between a job and its row."""

import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from impasto.serving.jobs.job import Job, Output

JSON_FIELDS = ("request", "progress", "outputs", "facts", "problem", "webhook")
PLAIN_FIELDS = (
    "id", "kind", "owner", "lane", "priority", "state", "parent", "created", "started", "ended",
    "expires", "attempts", "stop",
)  # fmt: skip
ASSET = re.compile(r"(?:asset:)?([0-9a-f]{64})(?::[0-9.eE+-]+)?")


def job_of(row: sqlite3.Row) -> Job:
    """Return the job that a row tells of."""
    values: dict[str, Any] = {name: row[name] for name in PLAIN_FIELDS}
    values |= {name: json.loads(row[name]) for name in JSON_FIELDS if row[name] is not None}
    values["outputs"] = tuple(Output(**output) for output in values["outputs"])
    return Job(**values)


def as_json(value: object) -> str | None:
    """Return the text of a JSON column."""
    return None if value is None else json.dumps(value, separators=(",", ":"))


def outputs_as_json(outputs: tuple[Output, ...]) -> str:
    """Return the text of the column of outputs."""
    return json.dumps([asdict(output) for output in outputs], separators=(",", ":"))


def assets_of(request: Any) -> Iterator[str]:
    """Give the ids of all assets that a request names, alone or as ``asset:ID:WEIGHT``.

    >>> list(assets_of({"content": "0" * 64, "style": ["great-wave", "asset:" + "1" * 64 + ":2"]}))
    ['0000000000000000000000000000000000000000000000000000000000000000', \
'1111111111111111111111111111111111111111111111111111111111111111']
    """
    if isinstance(request, str):
        if found := ASSET.fullmatch(request):
            yield found[1]
    elif isinstance(request, dict):
        for value in request.values():
            yield from assets_of(value)
    elif isinstance(request, list | tuple):
        for value in request:
            yield from assets_of(value)
