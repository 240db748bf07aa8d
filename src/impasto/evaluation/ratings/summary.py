"""What people said, in numbers for the report, and every answer as a table for other programs."""

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import stdtrit

from impasto.errors import UsageError
from impasto.evaluation.ratings.agreement import agreement
from impasto.evaluation.ratings.bradley_terry import as_numbers, scores
from impasto.evaluation.ratings.store import Comparison, Rating, Ratings

LATEST = 200  # comments, of which a report shows no more
COLUMNS = (
    "kind", "at", "rater", "content", "style", "left", "right", "choice", "milliseconds",
    "model", "stars", "comment",
)  # fmt: skip


def summary(path: Path) -> dict[str, Any]:
    """Return what a file of ratings says, ready for JSON.

    Keys: `comparisons`, `skips`, `raters`, `ratings` (counts); `scores` (best first: model, score,
    low, high, chance, wins, losses, ties; see `bradley_terry`); `agreement` (see `Agreement`);
    `stars` (best first: model, mean, low, high, count); `comments` (latest first: model, content,
    style, stars, comment). Intervals are of 95 %. Raises UsageError where there is no file.
    """
    store = _existing(path)
    comparisons, ratings = store.comparisons(), store.ratings()
    answered = [one for one in comparisons if one.choice != "skip"]
    first = list({(one.rater, one.duel): one for one in reversed(answered)}.values())
    models = {model for one in first for model in one.duel.models}
    return {
        "comparisons": len(answered),
        "skips": len(comparisons) - len(answered),
        "raters": len({one.rater for one in answered} | {one.rater for one in ratings}),
        "ratings": len(ratings),
        "scores": as_numbers(scores(first, models)),  # who answers twice still has one voice
        "agreement": asdict(agreement(comparisons)),
        "stars": _stars(ratings),
        "comments": [_comment(one) for one in reversed(ratings) if one.comment][:LATEST],
    }


def _existing(path: Path) -> Ratings:
    if not path.is_file():
        raise UsageError(
            f'Nobody has rated yet: there is no "{path}". Ask people: impasto rate '
            f"{path.parent.as_posix()}"
        )
    return Ratings(path)


def _stars(ratings: Sequence[Rating]) -> list[dict[str, Any]]:
    """Return each model's mean, with Student's interval by the deviation that all models share.

    One deviation for all, or a model with two equal ratings would seem to be known exactly. Where
    no model has two, nothing is known: 1 to 5.
    """
    given: dict[str, list[int]] = {}
    for one in ratings:
        given.setdefault(one.model, []).append(one.stars)
    freedom = len(ratings) - len(given)
    squares = sum(float(np.var(stars)) * len(stars) for stars in given.values())
    rows = []
    for model, stars in given.items():
        mean, width = float(np.mean(stars)), 5.0
        if freedom > 0:
            width = float(stdtrit(freedom, 0.975)) * (squares / freedom / len(stars)) ** 0.5
        low, high = max(1.0, mean - width), min(5.0, mean + width)
        rows.append({"model": model, "mean": mean, "low": low, "high": high, "count": len(stars)})
    return sorted(rows, key=lambda row: -float(str(row["mean"])))


def _comment(one: Rating) -> dict[str, Any]:
    return {key: getattr(one, key) for key in ("model", "content", "style", "stars", "comment")}


def as_csv(path: Path) -> str:
    """Return every answer of a file of ratings as CSV, RFC 4180, comparisons before stars."""
    store = _existing(path)
    file = io.StringIO()
    table = csv.DictWriter(file, COLUMNS)
    table.writeheader()
    table.writerows(_row("comparison", one) for one in store.comparisons())
    table.writerows(_row("rating", one) for one in store.ratings())
    return file.getvalue()


def _row(kind: str, answer: Comparison | Rating) -> dict[str, str]:
    return {"kind": kind} | {key: _cell(value) for key, value in asdict(answer).items()}


def _cell(value: object) -> str:
    """Return a cell as text; a leading quote keeps spreadsheets from running what people typed."""
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
