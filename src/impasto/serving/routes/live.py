"""The live line: a WebSocket on which every change of a control comes back as a preview."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import APIRouter, WebSocket
from starlette.responses import JSONResponse

from impasto.serving.files import unknown
from impasto.serving.guards.owner import granted
from impasto.serving.jobs.rows import assets_of
from impasto.serving.live.request import LiveRequest
from impasto.serving.live.session import LiveSession
from impasto.serving.parsing import check_body
from impasto.serving.problems import MEDIA_TYPE, Problem

router = APIRouter()
PROTOCOL, TOKEN = "impasto.live.v1", "impasto.token."
MOST_LINES = 64  # connections at once


@router.websocket("/v1/live")
async def live(socket: WebSocket) -> None:
    """Paint previews until the client hangs up."""
    server = socket.app.state.server
    offered = socket.scope.get("subprotocols", [])
    try:
        owner = granted(server.tokens, _token(offered, socket)).name
        if server.live.lines >= MOST_LINES:
            raise Problem("not-ready", "Too many live lines are open. Try again later.")
    except Problem as problem:
        await socket.send_denial_response(
            JSONResponse(problem.to_json(), problem.status, problem.headers, MEDIA_TYPE)
        )
        return

    async def read(request: object) -> tuple[dict[str, Any], Mapping[str, Path]]:
        return await _read(server, owner, request)

    await socket.accept(PROTOCOL if PROTOCOL in offered else None)
    with server.live.line():
        await LiveSession(socket, server.live, read).run()


def _token(offered: list[str], socket: WebSocket) -> str:
    """Return the token: browsers can send no header here, so it is one of the protocols."""
    sent = [one.removeprefix(TOKEN) for one in offered if one.startswith(TOKEN)]
    scheme, _, token = socket.headers.get("Authorization", "").partition(" ")
    return sent[0] if sent else token.strip() if scheme.lower() == "bearer" else ""


async def _read(
    server: Any, owner: str, request: object
) -> tuple[dict[str, Any], Mapping[str, Path]]:
    """Check a request; return it with own styles as assets, and with the files of its assets."""
    if not isinstance(request, dict):
        raise Problem("bad-request", "A request must be a JSON object.")
    asked = check_body(LiveRequest, request).model_dump(exclude_unset=True, exclude={"seq"})
    wanted = server.styles.named(asked, owner)
    inputs = {}
    for id in set(assets_of(wanted)):
        path = await server.assets.path(id, owner)
        if path is None:
            raise unknown(id)
        inputs[id] = path
    return wanted, inputs
