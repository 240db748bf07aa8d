"""What people say of results: stars, and which of two is better; each owner's by themselves."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from impasto.evaluation.ratings.store import Comparison, Kind, Rating, Ratings
from impasto.serving.jobs.job import Job
from impasto.serving.problems import Problem

NOBODY = "anonymous"  # who says something on a server without tokens
# Of a request, what does not say how a picture was painted.
NOT_HOW = ("content", "style", "output")


class Opinions:
    """Files of ratings in a folder, one for each owner."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def rate(self, owner: str, job: Job, stars: int, comment: str = "") -> int:
        """Keep how good a result is, 1 to 5; return a number by which it can be taken back.

        The last word of an owner on the same photo, style and settings counts.
        """
        content, style, how = _painted(job)
        return self._store(owner).add(Rating(owner or NOBODY, content, style, how, stars, comment))

    def compare(self, owner: str, left: Job, right: Job, choice: Any, milliseconds: int = 0) -> int:
        """Keep which of two results of one photo is better; return a number as `rate` does.

        Raises Problem for results of different photos, or that were painted alike.
        """
        (content, style, one), (other_content, other_style, other) = map(_painted, (left, right))
        if content != other_content:
            raise Problem("unlike-results", "Compare two results of the same photo.")
        if style != other_style:
            one, other, style = f"{style}, {one}", f"{other_style}, {other}", "several"
        if one == other:
            raise Problem("unlike-results", "These two were painted alike: nothing can be better.")
        names = (owner or NOBODY, content, style, one, other)
        return self._store(owner).add(Comparison(*names, choice, milliseconds))

    def of(self, owner: str, job: Job) -> Rating | None:
        """Return what an owner said of a result."""
        wanted = _painted(job)
        given = self._store(owner).ratings() if self._path(owner).exists() else []
        found = [one for one in given if (one.content, one.style, one.model) == wanted]
        return found[-1] if found else None

    def take_back(self, owner: str, kind: Kind, number: int) -> bool:
        """Forget what was said; tell whether it was."""
        return self._store(owner).take_back(kind, number, owner or NOBODY)

    def summary(self, owner: str) -> dict[str, Any]:
        """Return all that an owner said, in numbers; see `evaluation.ratings.summary`."""
        from impasto.evaluation.ratings.summary import summary  # it takes scipy half a second

        self._store(owner)
        return summary(self._path(owner))

    def _store(self, owner: str) -> Ratings:
        self._folder.mkdir(parents=True, exist_ok=True)
        return Ratings(self._path(owner))

    def _path(self, owner: str) -> Path:
        # A hash, for a name may be longer than a file's, or differ in its case alone.
        return self._folder / f"{sha256(owner.encode()).hexdigest()[:32]}.sqlite"


def _painted(job: Job) -> tuple[str, str, str]:
    """Return of a result the photo, the style, and how it was painted, in words."""
    content, style = job.request.get("content"), job.request.get("style") or ()
    if not isinstance(content, str) or job.state != "succeeded":
        raise Problem("unlike-results", "Only a painting of a photo that is done can be judged.")
    words = (style,) if isinstance(style, str) else style
    told = {key: value for key, value in job.request.items() if key not in NOT_HOW}
    settings = [f"{key}={json.dumps(told[key], sort_keys=True)}" for key in sorted(told)]
    return content, " + ".join(words), " ".join([job.kind, *settings])
