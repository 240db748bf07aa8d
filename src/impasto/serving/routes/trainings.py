"""Routes of trainings: models of one's own styles."""

from dataclasses import replace

from fastapi import APIRouter, Request, Response

from impasto.serving.guards.owner import Granted
from impasto.serving.routes.creation import OwnId, Wished, create
from impasto.serving.routes.responses import creates

router = APIRouter(prefix="/v1/trainings", tags=["trainings"])
ROUTE = creates("training")


@router.post("", summary="Train a model", **ROUTE)
async def create_training(request: Request, grant: Granted, wish: Wished) -> Response:
    """Train a network of your own styles; it becomes a model of GET /v1/models."""
    return await create(request, grant, "training", wish)


@router.put("/{id}", summary="Train a model under an id of your own", **ROUTE)
async def put_training(request: Request, grant: Granted, wish: Wished, id: OwnId) -> Response:
    """As the POST, but sending it again makes no second job: the client chooses the id."""
    return await create(request, grant, "training", replace(wish, id=id))
