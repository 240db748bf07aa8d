"""The routes ask blindly, keep answers, take them back, and show nothing but the report."""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from impasto.evaluation.ratings.exhibition import open_exhibition
from impasto.evaluation.ratings.store import NAME, Ratings
from impasto.serving.messages import Request
from impasto.serving.rating import RatingRoutes

ANN = {"rater": "Ann"}
SECRET_WORDS = b"model-is-painter"


def get(routes: RatingRoutes, path: str, query: Mapping[str, str] = ANN) -> dict[str, Any]:
    """Return the JSON of a path."""
    response = routes(Request("GET", path, query))
    assert response.status == 200
    told: dict[str, Any] = json.loads(response.body)
    return told


def compare(routes: RatingRoutes, question: Mapping[str, Any], **changed: Any) -> int:
    """Prefer the left one, or answer as changed, and return the status."""
    body = {**ANN, "left": question["left"], "right": question["right"], "choice": "left"}
    return routes(Request("POST", "/api/comparison", body=body | changed)).status


def test_questions_come_until_all_is_seen(routes: RatingRoutes, report: Path) -> None:
    seen = []
    while question := get(routes, "/api/next")["question"]:
        seen.append(question["content"]["name"])
        assert compare(routes, question, milliseconds=1200) == 201
    assert sorted(seen) == ["astronaut", "coffee", "rocket"]
    answers = Ratings(report / NAME).comparisons()
    assert {(one.rater, one.choice, one.milliseconds) for one in answers} == {("Ann", "left", 1200)}
    told = get(routes, "/api/next")
    assert (told["done"], told["all"], told["question"]) == (3, 3, None)
    assert get(routes, "/api/next", {"rater": "Bob"})["done"] == 0
    assert get(routes, "/api/summary")["comparisons"] == 3


def test_the_side_that_was_chosen_is_the_model_that_wins(
    routes: RatingRoutes, report: Path
) -> None:
    question = get(routes, "/api/next")["question"]
    shown = routes(Request("GET", f"/pictures/{question['right']}")).body
    compare(routes, question, choice="right")
    (answer,) = Ratings(report / NAME).comparisons()
    path = report / "pictures" / answer.right / f"{answer.content}__great-wave.jpg"
    with Image.open(path) as painting, Image.open(io.BytesIO(shown)) as seen:
        assert painting.convert("RGB").tobytes() == seen.tobytes()
    assert answer.winner == answer.right


def test_nothing_that_is_sent_tells_the_model(routes: RatingRoutes) -> None:
    for mode in ("compare", "stars"):
        text = json.dumps(get(routes, "/api/next", {**ANN, "mode": mode}))
        assert "painter" not in text and "pack" not in text and ".jpg" not in text
    question = get(routes, "/api/next")["question"]
    for side in ("left", "right"):
        picture = routes(Request("GET", f"/pictures/{question[side]}"))
        assert picture.kind == "image/png" and SECRET_WORDS not in picture.body


def test_stars_are_kept_with_their_comment(routes: RatingRoutes, report: Path) -> None:
    question = get(routes, "/api/next", {**ANN, "mode": "stars"})["question"]
    body = {**ANN, "painting": question["painting"], "stars": 4, "comment": "<b>calm</b>"}
    assert routes(Request("POST", "/api/rating", body=body)).status == 201
    (rating,) = Ratings(report / NAME).ratings()
    assert (rating.stars, rating.comment) == (4, "<b>calm</b>")
    assert get(routes, "/api/next", {**ANN, "mode": "stars"})["done"] == 1


def test_an_answer_can_be_taken_back(routes: RatingRoutes, report: Path) -> None:
    before = get(routes, "/api/next")
    body = {**ANN, "choice": "tie"} | {key: before["question"][key] for key in ("left", "right")}
    number = json.loads(routes(Request("POST", "/api/comparison", body=body)).body)["id"]
    address = f"/api/comparison/{number}"
    assert routes(Request("DELETE", address, {"rater": "Bob"})).status == 404
    assert routes(Request("DELETE", "/api/comparison/x", ANN)).status == 404
    assert routes(Request("DELETE", "/api/comparison/" + "9" * 30, ANN)).status == 404
    assert routes(Request("DELETE", address, ANN)).status == 200
    assert get(routes, "/api/next") == before
    assert not Ratings(report / NAME).comparisons()


@pytest.mark.parametrize(
    "changed",
    [
        {"choice": "both"},
        {"choice": ["left"]},
        {"rater": ""},
        {"rater": 7},
        {"left": "../report.json"},
        {"left": None},
        {"milliseconds": -1},
        {"milliseconds": "1"},
        {"milliseconds": 1e99},
    ],
)
def test_wrong_answers_are_refused_and_not_kept(
    routes: RatingRoutes, report: Path, changed: dict[str, Any]
) -> None:
    question = get(routes, "/api/next")["question"]
    assert compare(routes, question, **changed) == 422
    assert not Ratings(report / NAME).comparisons()


def test_paintings_of_different_photos_are_not_compared(routes: RatingRoutes) -> None:
    first = get(routes, "/api/next")["question"]
    compare(routes, first)
    second = get(routes, "/api/next")["question"]
    assert compare(routes, second, left=first["left"]) == 422
    assert compare(routes, second, left=second["right"]) == 422


def test_a_page_goes_on_after_a_restart(routes: RatingRoutes, report: Path) -> None:
    question = get(routes, "/api/next")["question"]
    again = RatingRoutes(open_exhibition(report), Ratings(report / NAME), {})
    assert compare(again, question) == 201
    other = report.with_name("other") / NAME
    other.parent.mkdir()
    foreign = RatingRoutes(open_exhibition(report), Ratings(other), {})
    assert compare(foreign, question) == 422  # names of pictures cannot be guessed


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/report.json"),
        ("GET", "/ratings.sqlite"),
        ("GET", "/pictures/../report.json"),
        ("GET", "/pictures/painter/coffee__great-wave.jpg"),
        ("GET", "/../../etc/passwd"),
        ("GET", "/api"),
        ("POST", "/api/next"),
        ("DELETE", "/api/comparison"),
        ("DELETE", "/api/secret/1"),
    ],
)
def test_nothing_else_is_there(routes: RatingRoutes, method: str, path: str) -> None:
    assert routes(Request(method, path)).status == 404


def test_a_mode_that_is_not_there(routes: RatingRoutes) -> None:
    assert routes(Request("GET", "/api/next", {"mode": "guess"})).status == 422
