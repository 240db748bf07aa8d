"""Routes of jobs: how far they are, what they made, and how to end them."""

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from impasto.serving.guards.owner import Owner
from impasto.serving.jobs.job import Job
from impasto.serving.problems import Problem
from impasto.serving.routes.responses import PICTURES, problems
from impasto.serving.schemas.answers import JobAnswer, JobsAnswer, Kind, State, job_json
from impasto.serving.schemas.words import ID
from impasto.serving.server import Server
from impasto.serving.streams import beating
from impasto.serving.submission import output

router = APIRouter(prefix="/v1/jobs", tags=["jobs"], responses=problems(404))
JobId = Annotated[str, Path(pattern=ID, description="The job's id.", examples=["my-photo-1"])]
EVENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Events: `state`, `progress`, `preview`, `words`; their data is JSON.",
        "content": {
            "text/event-stream": {
                "schema": {
                    "description": "One event; the stream is any number of them.",
                    "type": "object",
                    "properties": {
                        "id": {"type": "string"},
                        "event": {"enum": ["state", "progress", "preview", "words"]},
                        "data": {"type": "string", "contentMediaType": "application/json"},
                    },
                    "required": ["event", "data"],
                },
                "example": {"id": "2", "event": "progress", "data": '{"step": 3, "total": 8}'},
            }
        },
    }
}
PREVIEW: dict[int | str, dict[str, Any]] = {
    200: {"description": "A JPEG.", "content": {"image/jpeg": PICTURES["image/jpeg"]}}
}
OUTPUT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The bytes.",
        "content": {**PICTURES, "application/zip": PICTURES["image/jpeg"]},
    },
    **problems(404, 409, 422, 500, 504),
}


@router.get("", response_model=JobsAnswer, summary="List jobs")
async def list_jobs(
    request: Request,
    owner: Owner,
    kind: Annotated[Kind | None, Query(description="Only of this kind.")] = None,
    state: Annotated[State | None, Query(description="Only in this state.")] = None,
    parent: Annotated[str | None, Query(pattern=ID, description="Only of this batch.")] = None,
    limit: Annotated[int, Query(ge=1, le=500, description="How many at most.")] = 50,
    after: Annotated[str | None, Query(pattern=ID, description="Those behind this id.")] = None,
) -> Any:
    """List jobs, the newest first."""
    jobs = _server(request).jobs.list(
        owner, kind=kind, state=state, parent=parent, limit=limit + 1, after=after
    )
    more = jobs[limit - 1].id if len(jobs) > limit else None
    return {"jobs": [job_json(job) for job in jobs[:limit]], "next": more}


@router.get("/{id}", response_model=JobAnswer, summary="Show a job")
async def get_job(request: Request, id: JobId, owner: Owner) -> Any:
    """Show how far a job is, and what came of it."""
    return job_json(job_of(request, id, owner))


@router.delete("/{id}", status_code=204, summary="Delete a job")
async def delete_job(request: Request, id: JobId, owner: Owner) -> None:
    """End a job if it has not ended, and forget it with what it made."""
    await _server(request).dispatcher.delete(job_of(request, id, owner).id)


@router.get(
    "/{id}/events", responses=EVENTS, response_class=StreamingResponse, summary="Follow a job"
)
async def follow_job(
    request: Request,
    id: JobId,
    owner: Owner,
    last_event_id: Annotated[
        str | None,
        Header(
            alias="Last-Event-ID",
            description="The number of the last event that came.",
            pattern=r"^\d{1,15}$",
        ),
    ] = None,
) -> Response:
    """Follow a job: its events so far and new ones as server-sent events, until it has ended."""
    job_of(request, id, owner)
    events = _lines(_server(request), id, int(last_event_id or 0))
    headers = {"X-Accel-Buffering": "no"}  # a proxy must pass each event on at once
    return StreamingResponse(beating(events), media_type="text/event-stream", headers=headers)


async def _lines(server: Server, id: str, after: int) -> AsyncIterator[str]:
    async for event in server.dispatcher.subscribe(id, after):
        data = json.dumps(dict(event.data), separators=(",", ":"))
        yield f"id: {event.seq}\nevent: {event.kind}\ndata: {data}\n\n"


@router.post("/{id}/cancel", response_model=JobAnswer, summary="Cancel a job")
async def cancel_job(request: Request, id: JobId, owner: Owner) -> Any:
    """End a job and drop what it has; one that has ended stays as it is."""
    job = job_of(request, id, owner)
    return job_json(_server(request).dispatcher.cancel(id) or job)


@router.post(
    "/{id}/finish", response_model=JobAnswer, responses=problems(404, 409), summary="Finish a job"
)
async def finish_job(request: Request, id: JobId, owner: Owner) -> Any:
    """End an optimisation, training or batch now, and keep what is there."""
    job = job_of(request, id, owner)
    if job.state == "starting":
        raise Problem("conflict", "The job has not begun: there is nothing to keep. Cancel it.")
    return job_json(_server(request).dispatcher.finish(id) or job)


@router.get("/{id}/preview", responses=PREVIEW, response_class=Response, summary="See a job")
async def preview_job(request: Request, id: JobId, owner: Owner) -> Response:
    """See the last preview of a job that runs."""
    job_of(request, id, owner)
    preview = _server(request).dispatcher.preview(id)
    if preview is None:
        raise Problem("not-found", "There is no preview of this job now.")
    return Response(preview, media_type="image/jpeg")


@router.get(
    "/{id}/output", responses=OUTPUT, response_class=Response, summary="Get what a job made"
)
async def get_output(
    request: Request,
    id: JobId,
    owner: Owner,
    name: Annotated[str, Query(max_length=200, description="Of several outputs, this one.")] = "",
) -> Response:
    """Get the bytes of what a job made; the first output, if several."""
    return await output(request, job_of(request, id, owner), name)


def job_of(request: Request, id: str, owner: str) -> Job:
    """Return a job of an owner; raise Problem where there is none, or it is another's."""
    job = _server(request).jobs.get(id, owner)
    if job is None:
        raise Problem("not-found", f'There is no job "{id}". It may have expired.')
    return job


def _server(request: Request) -> Server:
    server: Server = request.app.state.server
    return server
