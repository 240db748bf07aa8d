"""What people said of the paintings, as a section of the report."""

from collections.abc import Mapping, Sequence
from typing import Any

from impasto.evaluation.page.charts import intervals
from impasto.evaluation.page.texts import number, safe


def people(opinions: Mapping[str, Any] | None, styles: Mapping[str, Any]) -> str:
    """Return the section, of what `impasto.evaluation.ratings.summary.summary` told."""
    if opinions is None:
        return (
            "<p>Nobody has compared these paintings yet. Ask people: "
            "<code>impasto rate</code> and the folder of this report.</p>"
        )
    parts = [
        f'<p class="lead">{_counts(opinions)}</p>',
        f'<div class="plots">{_scores(opinions, styles)}',
    ]
    parts += [f"{_stars(opinions, styles)}</div>", _agreement(opinions["agreement"])]
    return "".join([*parts, _comments(opinions["comments"])])


def _counts(opinions: Mapping[str, Any]) -> str:
    raters, compared, rated = (opinions[key] for key in ("raters", "comparisons", "ratings"))
    one = "person" if raters == 1 else "people"
    return f"{raters} {one} compared two paintings {compared} times and gave stars {rated} times."


def _scores(opinions: Mapping[str, Any], styles: Mapping[str, Any]) -> str:
    found = [_as_row(one, one["score"]) for one in opinions["scores"] if one["model"] in styles]
    if not found:
        return ""
    note = "Bradley-Terry scores: 0 is the mean of the models, 0.7 more is preferred two to one."
    plot = intervals(found, {"key": "value", "title": "Score"}, styles)
    return f"<figure><figcaption><b>Preferred</b> {note}</figcaption>{plot}</figure>"


def _stars(opinions: Mapping[str, Any], styles: Mapping[str, Any]) -> str:
    found = [_as_row(one, one["mean"]) for one in opinions["stars"] if one["model"] in styles]
    if not found:
        return ""
    plot = intervals(found, {"key": "value", "title": "Stars"}, styles)
    note = "Mean of one to five stars, with 95 % intervals."
    return f"<figure><figcaption><b>Stars</b> {note}</figcaption>{plot}</figure>"


def _as_row(one: Mapping[str, Any], mean: float) -> dict[str, Any]:
    value = {"mean": mean, "low": one["low"], "high": one["high"]}
    return {"name": one["model"], "anchor": False, "values": {"value": value}}


def _agreement(found: Mapping[str, Any]) -> str:
    told = []
    if found["same"] is not None:
        told.append(f"Two people said the same {_percent(found['same'])} of the time")
    if found["alpha"] is not None:
        told.append(f"Krippendorff’s alpha is {number(found['alpha'])} (1 all agree, 0 by lot)")
    if found["self_same"] is not None:
        told.append(f"asked again, people agreed with themselves {_percent(found['self_same'])}")
    if found["left"] is not None:
        told.append(f"the left painting was preferred {_percent(found['left'])}")
    return f"<p>{safe('; '.join(told))}.</p>" if told else ""


def _comments(comments: Sequence[Mapping[str, Any]]) -> str:
    if not comments:
        return ""
    lines = (
        f"<li><q>{safe(one['comment'])}</q> <small>{safe(one['model'])}, {safe(one['content'])} in "
        f"{safe(one['style'])}, {'★' * int(one['stars'])}</small></li>"
        for one in comments
    )
    return f'<ul class="comments">{"".join(lines)}</ul>'


def _percent(share: float) -> str:
    return f"{share:.0%}"
