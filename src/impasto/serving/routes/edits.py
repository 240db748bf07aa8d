"""The route that OpenAI's client library knows: ``client.images.edit(...)``."""

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import Field
from starlette.responses import JSONResponse, StreamingResponse

from impasto.errors import ImpastoError
from impasto.serving.edits import Edit, edit_of
from impasto.serving.files import unknown
from impasto.serving.guards.owner import Granted
from impasto.serving.guards.tokens import Grant
from impasto.serving.jobs.job import Job
from impasto.serving.parsing import check_body, read_body
from impasto.serving.problems import Problem, problem_of
from impasto.serving.routes.responses import problems
from impasto.serving.schemas.answers import Answer
from impasto.serving.schemas.edits import ImageEdit
from impasto.serving.schemas.requests import Stylization
from impasto.serving.server import Server
from impasto.serving.streams import beating
from impasto.serving.submission import LONGEST_WAIT, Wish, enqueue, make_job, wait_for
from impasto.serving.workers.base import Refused

router = APIRouter(prefix="/v1/images", tags=["compatible"])
WAITING = Wish(wait_s=LONGEST_WAIT)
ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": {"type": "object", "additionalProperties": True}},
}
NO_TOKENS = {
    "input_tokens": 0,
    "input_tokens_details": {"image_tokens": 0, "text_tokens": 0},
    "output_tokens": 0,
    "total_tokens": 0,
}


def _errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the answers that are errors, which have OpenAI's form, for the route's description."""
    own = {"application/json": {"schema": ERROR}}
    return {
        status: {**answer, "content": {**answer["content"], **own}}
        for status, answer in problems(*statuses).items()
    }


BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {"schema": {"$ref": "#/components/schemas/ImageEditForm"}},
        "application/json": {"schema": {"$ref": "#/components/schemas/ImageEdit"}},
    },
}


class EditedImage(Answer):
    """One result."""

    b64_json: str | None = Field(None, description="The bytes of the file, in base 64.")
    url: str | None = None


class Edited(Answer):
    """What was painted."""

    created: int = Field(description="Seconds since 1970.")
    data: list[EditedImage]
    output_format: str
    size: str = Field(examples=["1024x683"])


@router.post(
    "/edits", summary="Paint as OpenAI's images.edit", response_model=Edited,
    openapi_extra={"requestBody": BODY}, responses=_errors(404, 413, 415, 422, 429, 500, 504),
)  # fmt: skip
async def edit_image(request: Request, grant: Granted) -> Response:
    """Paint a photo in the style that a prompt means, for clients of OpenAI's images.edit.

    Refusals have the form that those clients read: `{"error": {message, type, param, code}}`.
    """
    server: Server = request.app.state.server
    try:
        asked = await read_body(request, server.assets, grant.name, lambda values: ImageEdit)
        photo = server.assets.get(asked.image[0], grant.name)
        if photo is None:
            raise unknown(asked.image[0])
        edit = edit_of(asked, photo, server.styles.cards(grant.name))
        if asked.stream:
            events = beating(_events(request, server, grant, asked, edit))
            return StreamingResponse(events, media_type="text/event-stream")
        jobs = await _painted(request, server, grant, edit.bodies)
        told = [await _told(request, server, asked, job) for job in jobs]
    except (Problem, ImpastoError, Refused) as error:
        return _refused(error)
    return JSONResponse(
        {
            "created": int(time.time()),
            "data": told,
            "output_format": asked.output_format,
            "size": _size(jobs[0]),
            "usage": NO_TOKENS,
        }
    )


async def _painted(request: Request, server: Server, grant: Grant, bodies: Any) -> list[Job]:
    """Paint, all at once, and return the jobs when they are done; raise Problem if one is not."""
    jobs = []
    for body in bodies:
        checked = check_body(Stylization, body)
        job = make_job(server, grant.name, "stylization", checked, WAITING)
        jobs.append(enqueue(server, grant, job, WAITING)[0])
    waits = (wait_for(request, server, job, WAITING, new=True) for job in jobs)
    return [_done(job) for job in await asyncio.gather(*waits)]


def _done(job: Job) -> Job:
    if job.state == "succeeded":
        return job
    if job.problem is not None:
        raise Refused(job.problem)
    raise Problem("out-of-time", f"It is not done yet. Its job is /v1/jobs/{job.id}")


async def _told(request: Request, server: Server, asked: ImageEdit, job: Job) -> dict[str, str]:
    if asked.response_format == "url":
        return {"url": f"{request.base_url}v1/assets/{job.outputs[0].asset}"}
    return {"b64_json": await _base64(server, job)}


async def _base64(server: Server, job: Job) -> str:
    path = await server.assets.path(job.outputs[0].asset, job.owner)
    if path is None:
        raise unknown(job.outputs[0].asset)
    return base64.b64encode(path.read_bytes()).decode()


async def _events(
    request: Request, server: Server, grant: Grant, asked: ImageEdit, edit: Edit
) -> AsyncIterator[str]:
    """Give smaller paintings first, if they are asked for, then each result."""
    try:
        for index, body in enumerate(edit.partial(asked.partial_images)):
            (job,) = await _painted(request, server, grant, [body])
            more = {"partial_image_index": index}
            yield await _event(server, asked, job, "image_edit.partial_image", more)
            await server.dispatcher.delete(job.id)
        for job in await _painted(request, server, grant, edit.bodies):
            yield await _event(server, asked, job, "image_edit.completed", {"usage": NO_TOKENS})
    except (Problem, ImpastoError, Refused) as error:
        yield _as_event("error", {"type": "error", "error": _error(error)})


async def _event(
    server: Server, asked: ImageEdit, job: Job, kind: str, more: Mapping[str, Any]
) -> str:
    told: dict[str, Any] = {
        "type": kind,
        "b64_json": await _base64(server, job),
        "created_at": int(time.time()),
        "background": "opaque",
        "output_format": asked.output_format,
        "quality": asked.quality,
        "size": _size(job),
        **more,
    }
    return _as_event(kind, told)


def _as_event(kind: str, told: Mapping[str, Any]) -> str:
    return f"event: {kind}\ndata: {json.dumps(told)}\n\n"


def _size(job: Job) -> str:
    facts = job.facts or {}
    return f"{facts['width']}x{facts['height']}"


def _refused(error: Exception) -> Response:
    problem = problem_of(error)
    return JSONResponse({"error": _error(error)}, problem.status, problem.headers)


def _error(error: Exception) -> dict[str, Any]:
    """Return a problem in the words of OpenAI's errors."""
    problem = problem_of(error)
    kind = "invalid_request_error" if problem.status < 500 else "server_error"
    place = (problem.more.get("errors") or [{}])[0].get("place")
    return {
        "message": problem.detail or problem.title,
        "type": kind,
        "param": problem.more.get("param") or place,
        "code": problem.name.replace("-", "_"),
    }
