"""Responses with the bytes of assets, of which a browser runs nothing."""

from pathlib import Path

from fastapi import Request, Response
from fastapi.responses import FileResponse

from impasto.serving.assets import Asset
from impasto.serving.media import suffix_of
from impasto.serving.problems import Problem

# Whatever a file turns out to be, a browser runs nothing of it and guesses nothing.
SANDBOX = {
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, max-age=3600, immutable",
    "Vary": "Authorization",
}
AT_ONCE = 1_000_000  # bytes; reading more in pieces, on threads, costs less than holding up others


async def found(request: Request, id: str, owner: str) -> tuple[Asset, Path]:
    """Return an asset of an owner and its file; raise Problem where there is none."""
    assets = request.app.state.server.assets
    asset, path = assets.get(id, owner), await assets.path(id, owner)
    if asset is None or path is None:
        raise unknown(id)
    return asset, path


def file_response(request: Request, asset: Asset, path: Path, name: str = "") -> Response:
    """Return the response with the bytes of an asset, which a browser must not run.

    Args:
        name: what a browser saves the file as.
    """
    headers = SANDBOX | {"ETag": f'"{asset.id}"'}
    if asset.id in request.headers.get("If-None-Match", ""):
        return Response(status_code=304, headers=headers)
    name = name or asset.id[:12] + suffix_of(asset.media_type)
    response = FileResponse(path, headers=headers, media_type=asset.media_type, filename=name)
    if asset.size > AT_ONCE or "Range" in request.headers:
        return response
    return Response(path.read_bytes(), headers=dict(response.headers))


def unknown(id: str) -> Problem:
    """Return the problem of an asset that is not there, or belongs to others."""
    return Problem("unknown-asset", f'There is no asset "{id}". It may have expired.')
