"""A search for a recipe's values: which fields, over which ranges, by how many trials."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from impasto.errors import UsageError, did_you_mean
from impasto.settings.fields import Setting, check, setting, settings_of
from impasto.settings.schema import from_texts
from impasto.settings.training import TrainingSettings

# What is searched over where nothing is said: up to four times less and more than the recipe has.
USUAL = ("style_weight", "content_weight", "learning_rate")
AROUND = 4.0
# Fields that change what is measured, so that trials would not compare, or that no number is.
FIXED = {
    *("data", "teacher", "fine_tune", "painting", "paintings", "pictures", "styles", "style_size"),
    *("last_size", "style_layers", "content_layers", "held_out", "seed", "device", "budget"),
    *("shares", "sample_every", "save_every", "workers"),
}


@dataclass(frozen=True)
class SearchSettings:
    """The options of a search."""

    search: str | None = setting(
        None,
        "Search for good values, as trials=20: each trial is a run of its own, and best.toml in "
        "the folder is the best recipe.",
    )
    search_over: tuple[str, ...] = setting(
        (),
        "A field to search over: style_weight=1:20:log, batch=2:8, schedule=cosine,step. May be "
        "given several times; without it style_weight, content_weight and learning_rate.",
    )
    search_by: Literal["losses", "ratings"] = setting(
        "losses", "What is best: losses on photos held out, or what people said."
    )

    def __post_init__(self) -> None:
        check(self)

    @property
    def trials(self) -> int:
        """How many trials are wanted; raises UsageError where none are."""
        name, _, number = (self.search or "").rpartition("=")
        if name not in ("", "trials") or not number.isdigit() or int(number) == 0:
            raise UsageError(f'--search must be as trials=20, got "{self.search}".')
        return int(number)


@dataclass(frozen=True)
class Span:
    """The values of one field that are tried: a range, or one of some."""

    name: str
    low: float = 0.0
    high: float = 0.0
    log: bool = False
    whole: bool = False
    choices: tuple[str | float | int | bool, ...] = ()


def spans_of(texts: Sequence[str], settings: TrainingSettings) -> tuple[Span, ...]:
    """Return what is searched over; of no texts, what usually matters, around its value.

    Raises UsageError that names the field, or says how a range is written; SettingError for values
    that the field does not take.
    """
    spans = [_span(text, settings) for text in texts] or _usual(settings)
    doubled = {span.name for span in spans if [one.name for one in spans].count(span.name) > 1}
    if doubled:
        raise UsageError(f"--search-over names {', '.join(sorted(doubled))} twice.")
    return tuple(spans)


def _usual(settings: TrainingSettings) -> list[Span]:
    known = {one.name: one for one in settings_of(type(settings))}
    spans = []
    for name in USUAL:
        value, most = getattr(settings, name), known[name].maximum
        if value > 0:
            high = value * AROUND if most is None else min(most, value * AROUND)
            spans.append(Span(name, value / AROUND, high, log=True))
    return spans


def _span(text: str, settings: TrainingSettings) -> Span:
    name, _, values = (part.strip() for part in text.partition("="))
    name = name.replace("-", "_")
    known = {one.name: one for one in settings_of(type(settings)) if one.name not in FIXED}
    if name in FIXED:
        raise UsageError(
            f"--search-over {name}: trials that differ in it do not compare. Search over another "
            f"field, as {', '.join(USUAL)}."
        )
    if name not in known:
        raise UsageError(
            f'--search-over: there is no field "{name}" in this recipe.'
            f"{did_you_mean(name, known) or ' There are: ' + ', '.join(known) + '.'}"
        )
    one = known[name]
    listed = "," in values or one.kind not in (int, float)
    return (_choices if listed else _range)(one, values, settings)


def _choices(one: Setting, values: str, settings: TrainingSettings) -> Span:
    words = [word.strip() for word in values.split(",") if word.strip()]
    if len(words) < 2:
        raise UsageError(f"--search-over {one.name} needs two values or more: {one.name}=a,b")
    tried = (from_texts(type(settings), {one.name: word}, settings) for word in words)
    return Span(one.name, choices=tuple(getattr(made, one.name) for made in tried))


def _range(one: Setting, values: str, settings: TrainingSettings) -> Span:
    words = [word.strip() for word in values.split(":")]
    made = [from_texts(type(settings), {one.name: word}, settings) for word in words[:2] if word]
    ends = [getattr(end, one.name) for end in made]
    log = words[2:] == ["log"]
    right = len(ends) == 2 and ends[0] < ends[1] and (log or not words[2:])
    if not right or (log and ends[0] <= 0):
        raise UsageError(
            f"--search-over {one.name} must be as {one.name}=LOW:HIGH, LOW:HIGH:log with LOW above "
            f'0, or A,B,C; got "{values}".'
        )
    return Span(one.name, ends[0], ends[1], log=log, whole=one.kind is int)


def spans_to_text(spans: Sequence[Span]) -> str:
    """Return what is searched over as one text, to be kept with a search.

    >>> spans_from_text(spans_to_text([Span("batch", 2, 8, whole=True)]))[0].high
    8
    """
    return json.dumps([vars(span) for span in spans])


def spans_from_text(text: str) -> tuple[Span, ...]:
    """Return what `spans_to_text` wrote."""
    known: list[Mapping[str, Any]] = json.loads(text)
    return tuple(Span(**{**one, "choices": tuple(one["choices"])}) for one in known)


def base_values(spans: Sequence[Span], settings: TrainingSettings) -> dict[str, Any] | None:
    """Return the values that a recipe has already, if all are among what is searched over."""
    values = {span.name: getattr(settings, span.name) for span in spans}
    inside = [
        values[span.name] in span.choices
        if span.choices
        else span.low <= values[span.name] <= span.high
        for span in spans
    ]
    return values if all(inside) else None
