"""Routes of ratings: stars and words for a result, and which of two is better."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import ConfigDict, Field

from impasto.evaluation.ratings.store import LONGEST_COMMENT, LONGEST_LOOK, Rating
from impasto.serving.guards.owner import Owner
from impasto.serving.jobs.job import Job
from impasto.serving.problems import Problem
from impasto.serving.routes.responses import problems
from impasto.serving.schemas.answers import Answer
from impasto.serving.schemas.fields import Body
from impasto.serving.schemas.words import ID

router = APIRouter(prefix="/v1/ratings", tags=["ratings"], responses=problems())
JobId = Annotated[str, Field(pattern=ID, description="A job that has succeeded.")]


class Stars(Body):
    """How good one result is."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"job": "my-photo-1", "stars": 4, "comment": "Fine sky"}]}
    )

    job: JobId
    stars: int = Field(ge=1, le=5)
    comment: str = Field("", max_length=LONGEST_COMMENT)


class Choice(Body):
    """Which of two results of one photo is better."""

    left: JobId
    right: JobId
    choice: Literal["left", "right", "tie", "skip"]
    milliseconds: int = Field(0, ge=0, le=LONGEST_LOOK, description="From seeing to answering.")


class Kept(Answer):
    """By what an answer can be taken back."""

    id: str = Field(examples=["rating-12"])


class RatingAnswer(Answer):
    """What was said of a result."""

    job: str
    stars: int
    comment: str
    at: datetime


class RatingsAnswer(Answer):
    """What was said of results."""

    ratings: list[RatingAnswer]


@router.post("", status_code=201, summary="Rate a result", responses=problems(404, 422))
async def rate(request: Request, owner: Owner, body: Stars | Choice) -> Kept:
    """Give a result stars and words, or say which of two is better.

    The last stars for the same photo, style and settings count.
    """
    opinions = request.app.state.server.opinions
    if isinstance(body, Stars):
        number = opinions.rate(owner, _job(request, owner, body.job), body.stars, body.comment)
        return Kept(id=f"rating-{number}")
    left, right = (_job(request, owner, id) for id in (body.left, body.right))
    number = opinions.compare(owner, left, right, body.choice, body.milliseconds)
    return Kept(id=f"comparison-{number}")


@router.get("", summary="What you said of results", responses=problems(404))
async def list_ratings(
    request: Request, owner: Owner, job: Annotated[list[str], Query(max_length=100)]
) -> RatingsAnswer:
    """Tell what you said of jobs: `?job=ID&job=ID`; those without an answer are left out."""
    opinions = request.app.state.server.opinions
    given = [(id, opinions.of(owner, _job(request, owner, id))) for id in job]
    return RatingsAnswer(
        ratings=[
            RatingAnswer(job=id, stars=one.stars, comment=one.comment, at=_time(one))
            for id, one in given
            if one is not None
        ]
    )


@router.get("/summary", summary="All that you said, in numbers")
async def get_summary(request: Request, owner: Owner) -> dict[str, Any]:
    """Sum up your answers: which settings won (Bradley-Terry scores), mean stars, comments."""
    told: dict[str, Any] = request.app.state.server.opinions.summary(owner)
    return told


@router.delete("/{id}", status_code=204, summary="Take an answer back", responses=problems(404))
async def take_back(request: Request, owner: Owner, id: str) -> None:
    """Forget what you said."""
    kind, _, number = id.partition("-")
    known = kind in ("rating", "comparison") and number.isdecimal() and len(number) < 19
    if not known or not request.app.state.server.opinions.take_back(owner, kind, int(number)):
        raise Problem("not-found", "There is no such answer of yours.")


def _time(rating: Rating) -> datetime:
    return datetime.fromisoformat(rating.at)


def _job(request: Request, owner: str, id: str) -> Job:
    job: Job | None = request.app.state.server.jobs.get(id, owner)
    if job is None:
        raise Problem("not-found", f'There is no job "{id[:64]}".')
    return job
