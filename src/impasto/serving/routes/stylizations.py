"""Routes of stylizations: photos painted by the network, in seconds."""

from dataclasses import replace

from fastapi import APIRouter, Request, Response

from impasto.serving.guards.owner import Granted
from impasto.serving.routes.creation import OwnId, Wished, create
from impasto.serving.routes.responses import creates

router = APIRouter(prefix="/v1/stylizations", tags=["stylizations"])
ROUTE = creates("stylization")


@router.post("", summary="Paint a photo", **ROUTE)
async def create_stylization(request: Request, grant: Granted, wish: Wished) -> Response:
    """Paint a photo in a style, or in a mix of several."""
    return await create(request, grant, "stylization", wish)


@router.put("/{id}", summary="Paint a photo under an id of your own", **ROUTE)
async def put_stylization(request: Request, grant: Granted, wish: Wished, id: OwnId) -> Response:
    """As the POST, but sending it again makes no second job: the client chooses the id."""
    return await create(request, grant, "stylization", replace(wish, id=id))
