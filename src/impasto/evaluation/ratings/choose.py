"""What a person is asked next: least seen first, sides by lot, and now and then one again."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from impasto.evaluation.ratings.exhibition import Duel, Exhibition, Painting
from impasto.evaluation.ratings.store import Comparison, Rating

AGAIN_EVERY = 10  # every so many answers, one is asked again: does a person agree with themselves?
LONG_AGO = 5  # but not one of the last answers, which are still remembered


@dataclass(frozen=True)
class Question:
    """Which of two models painted a photo better, and the side of each."""

    content: str
    style: str
    left: str
    right: str


def next_question(
    exhibition: Exhibition, answers: Sequence[Comparison], rater: str, seed: int = 0
) -> Question | None:
    """Return what to ask a person; None when this person has seen everything.

    No duel comes twice, except that every tenth question is an earlier one with sides changed.
    Depends only on the answers so far, the person's name and the seed.
    """
    own = [answer for answer in answers if answer.rater == rater]
    if len(own) % AGAIN_EVERY == AGAIN_EVERY - 1 and (again := _again(exhibition, own)):
        return again
    seen = {answer.duel for answer in own}
    open_duels = [duel for duel in exhibition.duels if duel not in seen]
    if not open_duels:
        return None
    by_duel = Counter(answer.duel for answer in answers)
    by_models = Counter(answer.duel.models for answer in answers)
    last = own[-1].content if own else None

    def rank(duel: Duel) -> tuple[int, int, bool, int]:
        lot = _lot(seed, rater, duel)
        return by_duel[duel], by_models[duel.models], duel.content == last, lot

    chosen = min(open_duels, key=rank)
    left, right = chosen.models if _lot(seed, rater, chosen, "side") % 2 else chosen.models[::-1]
    return Question(chosen.content, chosen.style, left, right)


def _again(exhibition: Exhibition, own: Sequence[Comparison]) -> Question | None:
    times, there = Counter(answer.duel for answer in own), set(exhibition.duels)
    for answer in own[:-LONG_AGO]:
        if answer.duel in there and times[answer.duel] == 1 and answer.choice != "skip":
            return Question(answer.content, answer.style, answer.right, answer.left)
    return None


def next_painting(
    exhibition: Exhibition, ratings: Sequence[Rating], rater: str, seed: int = 0
) -> Painting | None:
    """Return the painting that a person gives stars to next, least rated first; None at the end."""
    seen = {rating.painting for rating in ratings if rating.rater == rater}
    times = Counter(rating.painting for rating in ratings)
    left = [painting for painting in exhibition.files if painting not in seen]
    return min(left, key=lambda one: (times[one], _lot(seed, rater, one)), default=None)


def _lot(*drawn: object) -> int:
    """Return a number that looks random and is the same everywhere and always."""
    return int.from_bytes(sha256(repr(drawn).encode()).digest()[:8])
