"""How a request makes a job: its headers say how it is answered, its body what is painted."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, Header, Path, Request, Response

from impasto.serving.guards.tokens import Grant
from impasto.serving.offered import offered
from impasto.serving.parsing import check_body, read_body
from impasto.serving.problems import Problem
from impasto.serving.schemas.fields import Body
from impasto.serving.schemas.requests import BODIES, TRAININGS, Stylization
from impasto.serving.schemas.words import ID
from impasto.serving.submission import Wish, submit
from impasto.serving.tasks.needs import check_encoder, check_torch
from impasto.settings.optimize import OptimizeSettings
from impasto.settings.recipes import RECIPES
from impasto.settings.schema import from_mapping
from impasto.settings.stylize import StylizeSettings

SETTINGS: Mapping[str, type] = {
    "stylization": StylizeSettings,
    "batch": StylizeSettings,
    "sheet": StylizeSettings,
    "optimization": OptimizeSettings,
}


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


async def create(request: Request, grant: Grant, kind: str, wish: Wish) -> Response:
    """Read the body of a request, check it, and make its job."""
    assets = request.app.state.server.assets
    body = await read_body(request, assets, grant.name, lambda values: _model(kind, values))
    check_settings(kind, body)
    return await submit(request, grant, kind, body, wish, _children(kind, body))


def check_settings(kind: str, body: Body) -> None:
    """Check the settings of a body against each other, and against what the server has.

    Raises SettingError or MissingExtra.
    """
    given = body.model_dump(exclude_unset=True, mode="json")
    settings = RECIPES[given["recipe"]] if kind == "training" else SETTINGS[kind]
    names = {one.name for one in offered(settings)}
    words = {name: value for name, value in given.items() if name in names}
    asked: object = from_mapping(settings, words)
    if kind in ("optimization", "training"):
        check_torch(kind.title())
    if isinstance(asked, OptimizeSettings):
        check_encoder(asked)


def _model(kind: str, values: Mapping[str, Any]) -> type[Body]:
    if kind != "training":
        return BODIES[kind]
    recipe = values.get("recipe")
    if not isinstance(recipe, str) or recipe not in TRAININGS:
        raise Problem("invalid-request", f"recipe must be one of {', '.join(TRAININGS)}.")
    return TRAININGS[recipe]


def _children(kind: str, body: Body) -> list[Body]:
    if kind != "batch":
        return []
    given = body.model_dump(exclude_unset=True, mode="json")
    contents = given.pop("contents")
    given.pop("webhook", None)
    return [check_body(Stylization, {**given, "content": one}) for one in contents]
