"""Routes of assets: pictures by the hash of their bytes."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Any, cast

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.datastructures import UploadFile

from impasto.serving.addresses import LONGEST
from impasto.serving.assets import Asset
from impasto.serving.files import file_response, found, unknown
from impasto.serving.guards.owner import Owner
from impasto.serving.problems import Problem
from impasto.serving.routes.responses import problems

router = APIRouter(prefix="/v1/assets", tags=["assets"], responses=problems())
CHUNK = 1 << 16
EXAMPLE = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
Id = Annotated[str, Field(pattern="^[0-9a-f]{64}$", examples=[EXAMPLE])]
PICTURE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The bytes.",
        "content": {"image/*": {"schema": {"type": "string", "format": "binary"}}},
    },
    206: {"description": "The part of the bytes that `Range` asked for."},
    304: {"description": "The client has these bytes: `If-None-Match` names them."},
    **problems(404),
}


class FetchModel(BaseModel):
    """Where a picture is fetched from."""

    model_config = ConfigDict(extra="forbid", strict=True)

    url: str = Field(description="https only.", max_length=LONGEST)


BODY = {
    "required": True,
    "content": {
        "image/*": {"schema": {"type": "string", "format": "binary"}},
        "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
        "application/json": {
            "schema": FetchModel.model_json_schema(),
            "example": {"url": "https://example.org/photo.jpg"},
        },
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {"file": {"type": "string", "format": "binary"}},
            }
        },
    },
}


class AssetModel(BaseModel):
    """An asset as clients see it."""

    id: str = Field(description="SHA-256 of the bytes.", examples=[EXAMPLE])
    media_type: str = Field(examples=["image/jpeg"])
    size: int = Field(description="Bytes.", examples=[48211])
    width: int | None = Field(description="Pixels, upright.", examples=[1024])
    height: int | None = Field(description="Pixels, upright.", examples=[768])
    created: datetime
    expires: datetime
    url: str = Field(examples=[f"/v1/assets/{EXAMPLE}"])


class AssetsModel(BaseModel):
    """A page of assets."""

    assets: list[AssetModel]
    next: str | None = Field(description="Give it as `after` for the next page.")


@router.post(
    "",
    status_code=201,
    response_model=AssetModel,
    responses=problems(413, 415, 422),
    openapi_extra={"requestBody": BODY},
    summary="Upload a picture",
)
async def add_asset(request: Request, response: Response, owner: Owner) -> AssetModel:
    """Upload a picture: its bytes as the body, or as the field `file` of a form.

    As JSON, `{"url": "https://..."}`, the server fetches it, where it was started with `--fetch`.
    The same bytes are kept once, and uploading them again puts their expiry off.
    """
    asset = await _received(request, owner)
    told = model_of(asset)
    response.headers["Location"] = told.url
    return told


async def _received(request: Request, owner: str) -> Asset:
    server = request.app.state.server
    if request.headers.get("Content-Type", "").startswith("application/json"):
        url = await _url_of(request)
        if not server.settings.fetch:
            raise Problem("forbidden", "This server fetches nothing: it runs without --fetch.")
        async with server.outside.get(url) as pieces:
            return cast(Asset, await server.assets.receive(pieces, owner))
    return cast(Asset, await server.assets.receive(_bytes_of(request), owner))


async def _url_of(request: Request) -> str:
    try:
        return FetchModel.model_validate_json(await request.body()).url
    except ValidationError as error:
        words = 'Send the bytes of a picture, or {"url": "https://..."}.'
        raise Problem("invalid-request", words) from error


@router.get("", summary="List your assets")
async def list_assets(
    request: Request,
    owner: Owner,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    after: Annotated[str, Query(max_length=64)] = "",
) -> AssetsModel:
    """List your assets by id."""
    found = request.app.state.server.assets.list(owner, limit + 1, after)
    told = [model_of(asset) for asset in found[:limit]]
    return AssetsModel(assets=told, next=told[-1].id if len(found) > limit else None)


@router.get("/{id}", response_class=FileResponse, responses=PICTURE, summary="Get a picture")
async def get_asset(request: Request, id: Id, owner: Owner) -> Response:
    """Get the bytes of an asset; `ETag`, `If-None-Match` and `Range` are understood."""
    asset, path = await found(request, id, owner)
    return file_response(request, asset, path)


@router.head("/{id}", responses=PICTURE, summary="Ask about a picture", include_in_schema=False)
async def head_asset(request: Request, id: Id, owner: Owner) -> Response:
    """Get the headers of an asset."""
    return await get_asset(request, id, owner)


@router.delete("/{id}", status_code=204, responses=problems(404), summary="Delete a picture")
async def delete_asset(request: Request, id: Id, owner: Owner) -> None:
    """Forget an asset of yours; its bytes go when nobody else has brought them too."""
    if not await request.app.state.server.assets.delete(id, owner):
        raise unknown(id)


def model_of(asset: Asset) -> AssetModel:
    """Return an asset as clients see it."""
    times = {
        "created": datetime.fromtimestamp(asset.created, UTC),
        "expires": datetime.fromtimestamp(asset.expires, UTC),
    }
    return AssetModel(**(vars(asset) | times), url=f"/v1/assets/{asset.id}")


async def _bytes_of(request: Request) -> AsyncIterator[bytes]:
    if not request.headers.get("Content-Type", "").startswith("multipart/"):
        async for chunk in request.stream():
            yield chunk
        return
    async with request.form(max_files=1, max_fields=4) as form:
        files = [value for value in form.values() if isinstance(value, UploadFile)]
        if len(files) != 1:
            raise Problem("bad-request", 'Send one picture, as the field "file" of the form.')
        while chunk := await files[0].read(CHUNK):
            yield chunk
