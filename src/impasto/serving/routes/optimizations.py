"""Routes of optimizations: paintings that are optimised, in minutes."""

from dataclasses import replace

from fastapi import APIRouter, Request, Response

from impasto.serving.guards.owner import Granted
from impasto.serving.routes.creation import OwnId, Wished, create
from impasto.serving.routes.responses import creates

router = APIRouter(prefix="/v1/optimizations", tags=["optimizations"])
ROUTE = creates("optimization")


@router.post("", summary="Optimise a painting", **ROUTE)
async def create_optimization(request: Request, grant: Granted, wish: Wished) -> Response:
    """Optimise a painting step by step: slower, and closer to the style's brushwork."""
    return await create(request, grant, "optimization", wish)


@router.put("/{id}", summary="Optimise a painting under an id of your own", **ROUTE)
async def put_optimization(request: Request, grant: Granted, wish: Wished, id: OwnId) -> Response:
    """As the POST, but sending it again makes no second job: the client chooses the id."""
    return await create(request, grant, "optimization", replace(wish, id=id))
