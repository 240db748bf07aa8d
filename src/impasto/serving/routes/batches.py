"""Routes of batches: many photos painted alike."""

from dataclasses import replace

from fastapi import APIRouter, Request, Response

from impasto.serving.guards.owner import Granted
from impasto.serving.routes.taking import OwnId, Wished, making, take

router = APIRouter(prefix="/v1/batches", tags=["batches"])
ROUTE = making("batch")


@router.post("", summary="Paint many photos", **ROUTE)
async def create_batch(request: Request, grant: Granted, wish: Wished) -> Response:
    """Paint many photos alike; each is a job of its own, whose parent is this one."""
    return await take(request, grant, "batch", wish)


@router.put("/{id}", summary="Paint many photos under an id of your own", **ROUTE)
async def put_batch(request: Request, grant: Granted, wish: Wished, id: OwnId) -> Response:
    """As the POST, but sending it again makes no second job: the client chooses the id."""
    return await take(request, grant, "batch", replace(wish, id=id))
