"""What all routes that make jobs have in common: their headers, their body, their answers."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, Header, Path, Request, Response

from impasto.serving.guards.tokens import Grant
from impasto.serving.problems import MEDIA_TYPE, Problem
from impasto.serving.reading import check_body, read_body
from impasto.serving.schemas.answers import JobAnswer
from impasto.serving.schemas.fields import Body, offered
from impasto.serving.schemas.requests import (
    BODIES,
    EXAMPLES,
    RECIPES_OFFERED,
    TRAININGS,
    Stylization,
)
from impasto.serving.schemas.words import ID
from impasto.serving.submission import Wish, submit
from impasto.settings.optimize import OptimizeSettings
from impasto.settings.recipes import RECIPES
from impasto.settings.schema import from_mapping
from impasto.settings.stylize import StylizeSettings

REF = "#/components/schemas/"
PICTURE = {"schema": {"type": "string", "format": "binary"}}
PICTURES = {f"image/{kind}": PICTURE for kind in ("jpeg", "png", "webp", "avif", "tiff")}
SETTINGS: Mapping[str, type] = {
    "stylization": StylizeSettings,
    "batch": StylizeSettings,
    "sheet": StylizeSettings,
    "optimization": OptimizeSettings,
}
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


def making(kind: str) -> dict[str, Any]:
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


def wish_of(
    request: Request,
    prefer: Annotated[
        str | None,
        Header(
            alias="Prefer",
            description="`wait` or `wait=SECONDS`, at most 120: the answer is the picture itself, "
            "or the job if it takes longer. With `Accept: application/json` it is the job.",
            examples=["wait=30"],
            max_length=200,
        ),
    ] = None,
    idempotency_key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            description="Any text of yours: the same request with the same key makes no second "
            "job within 24 hours.",
            examples=["6c1f1d0e"],
            max_length=255,
        ),
    ] = None,
) -> Wish:
    """Return how a client wants to be answered."""
    return Wish.of(request)


Wished = Annotated[Wish, Depends(wish_of)]
OwnId = Annotated[
    str,
    Path(pattern=ID, description="The job's id, chosen by the client.", examples=["my-photo-1"]),
]


async def take(request: Request, grant: Grant, kind: str, wish: Wish) -> Response:
    """Read the body of a request, check it, and make its job."""
    assets = request.app.state.server.assets
    body = await read_body(request, assets, grant.name, lambda values: _model(kind, values))
    check_settings(kind, body)
    return await submit(request, grant, kind, body, wish, _children(kind, body))


def check_settings(kind: str, body: Body) -> None:
    """Check the settings of a body against each other; raise SettingError."""
    given = body.model_dump(exclude_unset=True, mode="json")
    settings = RECIPES[given["recipe"]] if kind == "training" else SETTINGS[kind]
    names = {one.name for one in offered(settings)}
    from_mapping(settings, {name: value for name, value in given.items() if name in names})


def _model(kind: str, values: Mapping[str, Any]) -> type[Body]:
    if kind != "training":
        return BODIES[kind]
    recipe = values.get("recipe")
    if not isinstance(recipe, str) or recipe not in TRAININGS:
        raise Problem("invalid-request", f"recipe must be one of {', '.join(RECIPES_OFFERED)}.")
    return TRAININGS[recipe]


def _children(kind: str, body: Body) -> list[Body]:
    if kind != "batch":
        return []
    given = body.model_dump(exclude_unset=True, mode="json")
    contents = given.pop("contents")
    given.pop("webhook", None)
    return [check_body(Stylization, {**given, "content": one}) for one in contents]
