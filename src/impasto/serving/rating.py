"""What the page asks where people judge paintings: the next question, and here is an answer.

GET     /api/next?rater=NAME&mode=compare|stars   a question, and how many are done of all
POST    /api/comparison   {rater, left, right, choice, milliseconds} -> {id}
POST    /api/rating       {rater, painting, stars, comment} -> {id}
DELETE  /api/comparison/ID?rater=NAME, /api/rating/ID?rater=NAME    takes an answer back
GET     /api/summary      what all people said
GET     /pictures/ID      a picture, PNG

It is blind: a picture goes by a name that tells nothing, and its metadata, which would, stay here.
"""

import hmac
import io
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from PIL import Image

from impasto.errors import UsageError
from impasto.evaluation.ratings.choose import next_painting, next_question
from impasto.evaluation.ratings.exhibition import Exhibition, Painting
from impasto.evaluation.ratings.store import Comparison, Kind, Rating, Ratings
from impasto.evaluation.ratings.summary import summary
from impasto.images.samples import to_samples
from impasto.images.source import open_picture
from impasto.serving.messages import Request, Response, as_json, problem

LONG_SIDE = 2048  # larger pictures are shown reduced
KEPT = 32  # encoded pictures in memory
NOT_FOUND = problem(404, "There is nothing here.")


class RatingRoutes:
    """Answers the requests of the page.

    Args:
        page: the files of the page by their path.
        seed: decides sides and what is asked first among the equally often seen.
    """

    def __init__(
        self, exhibition: Exhibition, ratings: Ratings, page: Mapping[str, Response], seed: int = 0
    ) -> None:
        self._exhibition, self._ratings, self._page, self._seed = exhibition, ratings, page, seed
        self._paintings = {self._id(*_words(one)): one for one in exhibition.files}
        self._files = {self._id(*_words(one)): path for one, path in exhibition.files.items()}
        for kind, paths in (("content", exhibition.contents), ("style", exhibition.styles)):
            self._files |= {self._id(kind, name): path for name, path in paths.items()}
        self._encoded = lru_cache(KEPT)(_png)

    def __call__(self, request: Request) -> Response:
        """Answer a request; what is wrong with it is in a response of status 4xx."""
        match request.method, request.path.strip("/").split("/"):
            case "GET", ["api", "next"]:
                return self._next(request.query)
            case "GET", ["api", "summary"]:
                return as_json(summary(self._ratings.path))
            case "GET", ["pictures", name] if name in self._files:
                return Response(self._encoded(self._files[name]), "image/png")
            case "POST", ["api", "comparison"]:
                return self._keep(self._comparison, request.body)
            case "POST", ["api", "rating"]:
                return self._keep(self._rating, request.body)
            case "DELETE", ["api", ("comparison" | "rating") as kind, number]:
                return self._take_back(kind, number, request.query)
            case "GET", _:
                return self._page.get(request.path, NOT_FOUND)
        return NOT_FOUND

    def _next(self, query: Mapping[str, str]) -> Response:
        rater, mode = query.get("rater", ""), query.get("mode", "compare")
        if mode == "stars":
            return as_json({"mode": mode, **self._next_painting(rater)})
        if mode == "compare":
            return as_json({"mode": mode, **self._next_question(rater)})
        return problem(422, "mode must be compare or stars")

    def _next_question(self, rater: str) -> dict[str, Any]:
        answers, all_of_it = self._ratings.comparisons(), set(self._exhibition.duels)
        done = len(all_of_it & {one.duel for one in answers if one.rater == rater})
        told: dict[str, Any] = {"done": done, "all": len(all_of_it), "question": None}
        if asked := next_question(self._exhibition, answers, rater, self._seed):
            told["question"] = self._seen(asked.content, asked.style) | {
                side: self._id(asked.content, asked.style, model)
                for side, model in (("left", asked.left), ("right", asked.right))
            }
        return told

    def _next_painting(self, rater: str) -> dict[str, Any]:
        ratings, all_of_it = self._ratings.ratings(), set(self._exhibition.files)
        done = len(all_of_it & {one.painting for one in ratings if one.rater == rater})
        told: dict[str, Any] = {"done": done, "all": len(all_of_it), "question": None}
        if asked := next_painting(self._exhibition, ratings, rater, self._seed):
            told["question"] = self._seen(asked.content, asked.style)
            told["question"]["painting"] = self._id(*_words(asked))
        return told

    def _seen(self, content: str, style: str) -> dict[str, Any]:
        """Return the photo and the style, with their pictures where the report has them."""
        ids = {"content": (content, self._id("content", content))}
        ids |= {"style": (style, self._id("style", style))}
        return {
            kind: {"name": name, "picture": one if one in self._files else None}
            for kind, (name, one) in ids.items()
        }

    def _keep(
        self, read: Callable[[Mapping[str, Any]], Comparison | Rating], body: Mapping[str, Any]
    ) -> Response:
        try:
            answer = read(body)
        except UsageError as error:
            return problem(422, str(error))
        return as_json({"id": self._ratings.add(answer)}, 201)

    def _comparison(self, body: Mapping[str, Any]) -> Comparison:
        left, right = (self._painting(body, side) for side in ("left", "right"))
        if (left.content, left.style) != (right.content, right.style):
            raise UsageError("left and right must be of the same photo in the same style")
        answer = (body.get("rater", ""), left.content, left.style, left.model, right.model)
        return Comparison(*answer, body.get("choice", ""), body.get("milliseconds", 0))

    def _rating(self, body: Mapping[str, Any]) -> Rating:
        painting = self._painting(body, "painting")
        stars, comment = body.get("stars", 0), body.get("comment", "")
        return Rating(body.get("rater", ""), *_words(painting), stars, comment)

    def _painting(self, body: Mapping[str, Any], key: str) -> Painting:
        painting = self._paintings.get(str(body.get(key)))
        if painting is None:
            raise UsageError(f"{key} must be a painting of this report")
        return painting

    def _take_back(self, kind: Kind, number: str, query: Mapping[str, str]) -> Response:
        known = number.isdecimal() and len(number) < 19  # SQLite's integers end there
        if known and self._ratings.take_back(kind, int(number), query.get("rater", "")):
            return as_json({"id": int(number)})
        return NOT_FOUND

    def _id(self, *words: str) -> str:
        """Return a name that is the same after a restart and tells nothing."""
        return hmac.digest(self._ratings.secret, repr(words).encode(), "sha256").hex()[:24]


def _words(painting: Painting) -> tuple[str, str, str]:
    return painting.content, painting.style, painting.model


def _png(path: Path) -> bytes:
    """Return a picture encoded anew: without metadata, and in one format for all models."""
    pixels = to_samples(open_picture(path).thumbnail(LONG_SIDE), 8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", compress_level=1)
    return file.getvalue()
