"""A request and its response, whatever server carries them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Request:
    """What a client asks: the path as it came, the first value of each name in the query."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Response:
    """What it gets."""

    body: bytes
    kind: str = "application/json"
    status: int = 200


def as_json(value: object, status: int = 200) -> Response:
    """Return a response of JSON."""
    return Response(json.dumps(value).encode(), status=status)


def problem(status: int, words: str) -> Response:
    """Return a response that says what was wrong."""
    return as_json({"error": words}, status)
