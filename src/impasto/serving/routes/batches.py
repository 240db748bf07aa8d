"""Routes of batches: many photos painted alike."""

from dataclasses import replace

from fastapi import APIRouter, Request, Response

from impasto.serving.guards.owner import Granted
from impasto.serving.routes.creation import OwnId, Wished, create
from impasto.serving.routes.responses import creates

router = APIRouter(prefix="/v1/batches", tags=["batches"])
ROUTE = creates("batch")


@router.post("", summary="Paint many photos", **ROUTE)
async def create_batch(request: Request, grant: Granted, wish: Wished) -> Response:
    """Paint many photos alike; each is a job of its own, whose parent is this one."""
    return await create(request, grant, "batch", wish)


@router.put("/{id}", summary="Paint many photos under an id of your own", **ROUTE)
async def put_batch(request: Request, grant: Granted, wish: Wished, id: OwnId) -> Response:
    """As the POST, but sending it again makes no second job: the client chooses the id."""
    return await create(request, grant, "batch", replace(wish, id=id))
