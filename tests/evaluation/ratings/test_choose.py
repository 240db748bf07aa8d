"""Questions are balanced and blind: least seen first, sides by lot, few repeats."""

from collections import Counter
from pathlib import Path

from impasto.evaluation.ratings.choose import (
    AGAIN_EVERY,
    LONG_AGO,
    Question,
    next_painting,
    next_question,
)  # fmt: skip
from impasto.evaluation.ratings.exhibition import Exhibition, Painting, open_exhibition
from impasto.evaluation.ratings.store import Comparison, Rating


def answer(question: Question, rater: str) -> Comparison:
    """Prefer the left."""
    one = question
    return Comparison(rater, one.content, one.style, one.left, one.right, "left")


def all_answers(exhibition: Exhibition, raters: list[str], seed: int = 0) -> list[Comparison]:
    """Let people answer in turn until nobody is asked anything more."""
    answers: list[Comparison] = []
    asked = True
    while asked:
        asked = False
        for rater in raters:
            if question := next_question(exhibition, answers, rater, seed):
                answers.append(answer(question, rater))
                asked = True
    return answers


def large() -> Exhibition:
    """Many photos of four models."""
    files = {
        Painting(f"photo-{number}", "wave", model): Path("none")
        for number in range(8)
        for model in "abcd"
    }
    return Exhibition(Path("report"), files, {}, {})


def test_a_person_sees_everything_once_but_for_repeats(report: Path) -> None:
    exhibition = open_exhibition(report)
    answers = all_answers(exhibition, ["Ann"])
    times = Counter(one.duel for one in answers)
    assert set(times) == set(exhibition.duels)
    repeats = [duel for duel, count in times.items() if count > 1]
    assert len(repeats) == len(answers) // AGAIN_EVERY == 1
    assert max(times.values()) == 2


def test_a_repeat_is_not_recent_and_has_its_sides_changed() -> None:
    answers = all_answers(large(), ["Ann"])
    places: dict[object, list[int]] = {}
    for place, one in enumerate(answers):
        places.setdefault(one.duel, []).append(place)
    twice = [two for two in places.values() if len(two) == 2]
    assert len(twice) >= 4
    for before, after in twice:
        assert after - before > LONG_AGO
        assert after % AGAIN_EVERY == AGAIN_EVERY - 1
        assert answers[before].left == answers[after].right


def test_what_was_seen_least_is_asked_next() -> None:
    exhibition = large()
    answers: list[Comparison] = []
    for number in range(16):  # each person answers three questions
        rater = f"rater-{number}"
        for _ in range(3):
            question = next_question(exhibition, answers, rater)
            assert question is not None
            answers.append(answer(question, rater))
    times = Counter(one.duel for one in answers)
    assert len(times) == len(exhibition.duels) == 48 == len(answers)
    by_models = Counter(one.duel.models for one in answers[:24])
    assert set(by_models.values()) == {4}


def test_sides_are_by_lot_and_the_same_each_time() -> None:
    answers = all_answers(large(), ["Ann", "Bob", "Eve"])
    sorted_left = sum(one.left < one.right for one in answers) / len(answers)
    assert 0.35 < sorted_left < 0.65
    assert [(one.left, one.right) for one in answers] == [
        (one.left, one.right) for one in all_answers(large(), ["Ann", "Bob", "Eve"])
    ]
    assert [one.left for one in answers] != [
        one.left for one in all_answers(large(), ["Ann", "Bob", "Eve"], seed=1)
    ]


def test_stars_are_asked_for_each_painting_once_least_rated_first(report: Path) -> None:
    exhibition = open_exhibition(report)
    ratings: list[Rating] = []
    for rater in ("Ann", "Bob"):
        while painting := next_painting(exhibition, ratings, rater):
            ratings.append(Rating(rater, painting.content, painting.style, painting.model, 3))
    assert Counter(one.painting for one in ratings) == dict.fromkeys(exhibition.files, 2)
    third = next_painting(exhibition, ratings[:-1], "Eve")
    assert third == ratings[-1].painting
