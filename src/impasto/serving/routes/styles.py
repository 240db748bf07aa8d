"""Routes of styles: the gallery, and one's own."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from starlette.responses import FileResponse

from impasto.provenance.cards import StyleCard
from impasto.serving.files import file_response, found
from impasto.serving.guards.owner import Owner
from impasto.serving.parsing import read_body
from impasto.serving.problems import Problem
from impasto.serving.routes.responses import problems
from impasto.serving.schemas.answers import Answer
from impasto.serving.schemas.styles import NewStyle
from impasto.serving.styles import OwnStyle, Styles, shared_card, shared_paths
from impasto.styles.gallery import preview_path
from impasto.styles.search import search, tags_of

router = APIRouter(prefix="/v1/styles", tags=["styles"], responses=problems())
A_DAY = {"Cache-Control": "private, max-age=86400"}
MOST = 500
BODY = {
    "required": True,
    "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/NewStyle"}},
        "multipart/form-data": {"schema": {"$ref": "#/components/schemas/NewStyleForm"}},
    },
}
JPEG: dict[int | str, Any] = {
    200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}
}


class StyleAnswer(Answer):
    """A style as clients see it."""

    name: str = Field(description="What requests name it by.", examples=["starry-night"])
    title: str = Field(examples=["The Starry Night"])
    artist: str = Field(examples=["Vincent van Gogh"])
    year: str = Field(examples=["1889"])
    licence: str
    source: str
    tags: list[str] = Field(examples=[["post-impressionism", "netherlands", "blue", "black"]])
    palette: list[str] = Field(description="Main colors.", examples=[["#5b7395", "#282c2a"]])
    kind: str = Field(description="`gallery`, or `own` for those that you added.")
    preview: str | None = Field(examples=["/v1/styles/starry-night/preview"])
    asset: str | None = Field(None, description="Of an own style: what `asset:ID` names it by.")
    painting: str | None = Field(None, description="Of an own style: the asset it was made of.")


class StylesAnswer(Answer):
    """A page of styles."""

    styles: list[StyleAnswer]
    next: str | None = Field(description="Give it as `after` for the next page.")


@router.get("", summary="List and search styles")
async def list_styles(
    request: Request,
    owner: Owner,
    q: Annotated[str, Query(max_length=200, description="Words: titles, artists, colors.")] = "",
    tag: Annotated[str, Query(max_length=60, description="Only those with this tag.")] = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
    after: Annotated[str, Query(max_length=100)] = "",
) -> StylesAnswer:
    """List the styles that can be named, by name; those that words fit come with the best first."""
    styles: Styles = request.app.state.server.styles
    own = {one.name: one for one in styles.own(owner)}
    cards = search(styles.cards(owner), q)
    cards = [card for card in cards if not tag or tag.lower() in tags_of(card)]
    names = [card.name for card in cards]
    start = names.index(after) + 1 if after in names else 0
    page = cards[start : start + limit]
    more = start + limit < len(cards)
    told = [_told(card, own.get(card.name)) for card in page]
    return StylesAnswer(styles=told, next=page[-1].name if more else None)


@router.get("/{name}", summary="Show a style", responses=problems(404))
async def get_style(request: Request, owner: Owner, name: str) -> StyleAnswer:
    """Tell what is known of a style."""
    own = request.app.state.server.styles.find(name, owner)
    return _told(own.card, own) if own else _told(_shared(name), None)


@router.get(
    "/{name}/preview", summary="Show a style as a picture", response_class=FileResponse,
    responses={**JPEG, **problems(404)},
)  # fmt: skip
async def get_preview(request: Request, owner: Owner, name: str) -> Response:
    """Get a small JPEG: of the gallery a photo in the style, of one's own the painting."""
    own = request.app.state.server.styles.find(name, owner)
    if own is not None:
        return file_response(request, *await found(request, own.preview, owner))
    path = preview_path(_shared(name).name)
    if path is None:
        raise Problem("not-found", f'The style "{name}" has no picture.')
    return FileResponse(path, headers=A_DAY, media_type="image/jpeg")


@router.post(
    "", status_code=201, summary="Add a style of your own",
    responses=problems(404, 409, 413, 415, 422), openapi_extra={"requestBody": BODY},
)  # fmt: skip
async def add_style(request: Request, response: Response, owner: Owner) -> StyleAnswer:
    """Make a style of a painting; it is kept until you remove it, and others do not see it."""
    server = request.app.state.server
    body = await read_body(request, server.assets, owner, lambda values: NewStyle)
    known = body.model_dump(exclude={"name", "asset"})
    added = await server.styles.add(body.name, body.asset, owner, known)
    response.headers["Location"] = f"/v1/styles/{added.name}"
    return _told(added.card, added)


@router.delete("/{name}", status_code=204, summary="Remove a style", responses=problems(404))
async def remove_style(request: Request, owner: Owner, name: str) -> None:
    """Forget a style of your own."""
    if not await request.app.state.server.styles.remove(name, owner):
        raise Problem("unknown-style", f'You have no style "{name[:60]}".', status=404)


def _shared(name: str) -> StyleCard:
    path = shared_paths().get(name)
    if path is None:
        raise Problem("unknown-style", f'There is no style "{name[:60]}".', status=404)
    return shared_card(path)


def _told(card: StyleCard, own: OwnStyle | None) -> StyleAnswer:
    shown = own is not None or preview_path(card.name) is not None
    return StyleAnswer(
        name=card.name,
        title=card.title or card.name,
        artist=card.artist or card.tradition,
        year=card.year,
        licence=card.licence,
        source=card.source,
        tags=tags_of(card),
        palette=[color for color, _ in card.palette],
        kind="own" if own else "gallery",
        preview=f"/v1/styles/{card.name}/preview" if shown else None,
        asset=own.style if own else None,
        painting=own.painting if own else None,
    )
