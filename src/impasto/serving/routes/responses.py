"""What routes answer, for the description of the API."""

from collections.abc import Mapping
from typing import Any

from impasto.serving.media import WRITTEN
from impasto.serving.problems import MEDIA_TYPE
from impasto.serving.schemas.answers import JobAnswer
from impasto.serving.schemas.fields import Body
from impasto.serving.schemas.requests import BODIES, EXAMPLES, TRAININGS

REF = "#/components/schemas/"
PICTURE = {"schema": {"type": "string", "format": "binary"}}
PICTURES = {f"image/{kind}": PICTURE for kind in WRITTEN}
WORDS: Mapping[int, str] = {
    400: "The request is not understood.",
    401: "A token is needed, or this one is not known.",
    404: "There is no such thing, or it is another's.",
    409: "The id is taken, or this cannot be done now.",
    413: "The request or its picture is too large.",
    415: "The body or its picture is in no form that is read.",
    422: "A value is not allowed.",
    429: "The queue or the token's quota is full: try again after `Retry-After` seconds.",
    500: "The work failed.",
    504: "The work took longer than it may.",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the answers of a route that are problems, for its description."""
    schema = {"schema": {"$ref": REF + "Problem"}}
    told: dict[int | str, dict[str, Any]] = {
        status: {"description": WORDS[status], "content": {MEDIA_TYPE: schema}}
        for status in sorted({400, 401, 422, *statuses})
    }
    return told | {"default": {"description": "A problem.", "content": {MEDIA_TYPE: schema}}}


def creates(kind: str) -> dict[str, Any]:
    """Return the description of a route that makes jobs of a kind."""
    location = {"description": "Where the job is.", "schema": {"type": "string"}}
    headers = {"Location": location}
    names = [body.__name__ for body in bodies_of(kind)]
    schemas = [{"$ref": REF + name} for name in names]
    forms = [{"$ref": f"{REF}{name}Form"} for name in names]
    content = {
        "application/json": {"schema": _one(schemas), "example": EXAMPLES[kind]},
        "multipart/form-data": {"schema": _one(forms)},
    }
    done = {
        "description": "The picture, for `Prefer: wait`; or a job that was there before.",
        "content": {"application/json": {"schema": {"$ref": REF + "JobAnswer"}}, **PICTURES},
    }
    return {
        "status_code": 201,
        "response_model": JobAnswer,
        "responses": {
            200: done,
            201: {"description": "The job.", "headers": headers},
            **problems(404, 409, 413, 415, 422, 429, 500, 504),
        },
        "openapi_extra": {"requestBody": {"required": True, "content": content}},
    }


def bodies_of(kind: str) -> list[type[Body]]:
    """Return the models that a kind's bodies may be of."""
    return list(TRAININGS.values()) if kind == "training" else [BODIES[kind]]


def _one(schemas: list[dict[str, str]]) -> dict[str, Any]:
    return schemas[0] if len(schemas) == 1 else {"oneOf": schemas}
