"""Routes of sheets: one photo in styles and strengths."""

from dataclasses import replace

from fastapi import APIRouter, Request, Response

from impasto.serving.guards.owner import Granted
from impasto.serving.routes.creation import OwnId, Wished, create
from impasto.serving.routes.responses import creates

router = APIRouter(prefix="/v1/sheets", tags=["sheets"])
ROUTE = creates("sheet")


@router.post("", summary="Paint a sheet of styles and strengths", **ROUTE)
async def create_sheet(request: Request, grant: Granted, wish: Wished) -> Response:
    """Paint one photo in several styles and strengths, as one picture with captions."""
    return await create(request, grant, "sheet", wish)


@router.put(
    "/{id}", summary="Paint a sheet of styles and strengths under an id of your own", **ROUTE
)
async def put_sheet(request: Request, grant: Granted, wish: Wished, id: OwnId) -> Response:
    """As the POST, but sending it again makes no second job: the client chooses the id."""
    return await create(request, grant, "sheet", replace(wish, id=id))
