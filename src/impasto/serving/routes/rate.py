"""The page where people judge a report's paintings: what it asks, below /rate."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from impasto.serving import messages
from impasto.serving.guards.owner import Owner
from impasto.serving.problems import Problem

router = APIRouter(prefix="/rate", include_in_schema=False)


@router.get("")
async def page() -> Response:
    """Lead to the page, whose own links begin below it."""
    return RedirectResponse("/rate/", 308)


@router.api_route("/api/{rest:path}", methods=["GET", "POST", "DELETE"])
@router.api_route("/pictures/{rest}", methods=["GET"])
async def answer(request: Request, owner: Owner, rest: str) -> Response:
    """Answer as `RatingRoutes` does."""
    judging = request.app.state.server.judging
    if judging is None:
        raise Problem("not-found", "No report is judged here: impasto serve --report FOLDER")
    path = request.url.path.removeprefix("/rate")
    asked = messages.Request(request.method, path, dict(request.query_params), await _body(request))
    told = await asyncio.to_thread(judging, asked)  # it may encode a picture
    return Response(told.body, told.status, media_type=told.kind)


async def _body(request: Request) -> dict[str, Any]:
    if request.method != "POST":
        return {}
    try:
        body = await request.json()
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise Problem("bad-request", "The body must be a JSON object.")
    return body
