"""Routes that machines ask: is the server alive, can it take work."""

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel

from impasto.serving.problems import Problem
from impasto.version import __version__

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """That all is well."""

    status: Literal["ok"] = "ok"
    version: str = __version__


@router.get("/healthz", summary="Is the server alive?")
async def healthz() -> Health:
    """Answer as long as the server is alive."""
    return Health()


@router.get("/readyz", summary="Can the server take work?")
async def readyz(request: Request) -> Health:
    """Answer 200 when jobs can be taken, else 503."""
    server = getattr(request.app.state, "server", None)
    if server is None or not server.ready:
        raise Problem("not-ready", headers={"Retry-After": "5"})
    return Health()
