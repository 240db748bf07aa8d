"""The route of figures, for Prometheus."""

from fastapi import APIRouter, Request, Response

from impasto.serving.guards.owner import Owner
from impasto.serving.metrics import MEDIA_TYPE

router = APIRouter(tags=["health"])


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
    summary="Figures for Prometheus",
)
async def metrics(request: Request, owner: Owner) -> Response:
    """Get the figures of the server; where there are tokens, any of them may."""
    return Response(request.app.state.server.metrics.page(), media_type=MEDIA_TYPE)
