"""What the API answers: jobs and problems, as JSON."""

from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from impasto.serving.jobs.job import ENDED, Job, Output
from impasto.serving.problems import TYPE

Kind = Literal["stylization", "optimization", "training", "batch", "sheet"]
State = Literal["starting", "processing", "succeeded", "failed", "canceled"]


class Answer(BaseModel):
    """An object of an answer."""

    model_config = ConfigDict(extra="allow")


class Problem(Answer):
    """What went wrong (RFC 9457)."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "type": TYPE + "unknown-style",
                    "title": "There is no such style",
                    "status": 404,
                    "detail": 'There is no style "stary-night". Did you mean "starry-night"?',
                    "instance": "4f0c2b7e9a1d",
                }
            ]
        },
    )

    type: str = Field(description="The kind of problem: an address that stays the same.")
    title: str = Field(description="The kind in words.")
    status: int = Field(description="The HTTP status.")
    detail: str | None = Field(None, description="What came, what is allowed, what to do next.")
    instance: str | None = Field(None, description="Names this occasion in the server's log.")


class OutputAnswer(Answer):
    """One file that a job made."""

    name: str
    asset: str = Field(description="Its asset: the SHA-256 of its bytes.")
    media_type: str
    size: int = Field(description="Bytes.")
    width: int | None
    height: int | None
    url: str


class ProgressAnswer(Answer):
    """How far a job is."""

    kind: str | None = None
    step: int | None = None
    total: int | None = None
    eta_s: float | None = Field(None, description="Seconds that are left, as far as is known.")
    values: dict[str, Any] | None = None


class Links(Answer):
    """Where more of a job is."""

    self: str
    events: str
    cancel: str
    finish: str
    preview: str
    output: str


class JobAnswer(Answer):
    """A job: what was asked for, how far it is, what came of it."""

    id: str
    kind: Kind
    state: State
    created: datetime
    started: datetime | None
    ended: datetime | None
    expires: datetime | None
    parent: str | None = Field(description="The batch that it belongs to.")
    progress: ProgressAnswer | None
    outputs: list[OutputAnswer]
    problem: Problem | None
    facts: dict[str, Any] | None = Field(description="What was measured.")
    request: dict[str, Any]
    links: Links


class JobsAnswer(Answer):
    """Jobs, the newest first."""

    jobs: list[JobAnswer]
    next: str | None = Field(description="Where the next ones begin: the query's after.")


def job_json(job: Job) -> dict[str, Any]:
    """Return a job as clients see it; times are ISO 8601 in UTC."""
    base = f"/v1/jobs/{job.id}"
    links = {name: f"{base}/{name}" for name in ("events", "cancel", "finish", "preview", "output")}
    return {
        "id": job.id,
        "kind": job.kind,
        "state": job.state,
        "created": _iso(job.created),
        "started": _iso(job.started),
        "ended": _iso(job.ended),
        "expires": _iso(job.expires),
        "parent": job.parent,
        "progress": dict(job.progress) if job.progress is not None else None,
        "outputs": [_output(one) for one in job.outputs],
        "problem": dict(job.problem) if job.problem is not None else None,
        "facts": dict(job.facts) if job.facts is not None else None,
        "request": dict(job.request),
        "links": {"self": base, **links},
    }


def ended(job: Job) -> bool:
    """Tell whether nothing more happens to a job."""
    return job.state in ENDED


def _output(output: Output) -> dict[str, Any]:
    return {**vars(output), "url": f"/v1/assets/{output.asset}"}


def iso(seconds: float) -> str:
    """Return a time since 1970 as all answers spell it: ISO 8601, in UTC.

    >>> iso(1735689600.5)
    '2025-01-01T00:00:00.500000Z'
    """
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def _iso(seconds: float | None) -> str | None:
    return None if seconds is None else iso(seconds)
