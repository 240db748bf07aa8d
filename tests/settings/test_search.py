"""What is searched over: ranges and choices as typed, and what is refused."""

import pytest

from impasto.errors import SettingError, UsageError
from impasto.settings.recipes import StyleSettings
from impasto.settings.search import (
    SearchSettings,
    Span,
    base_values,
    spans_from_text,
    spans_of,
    spans_to_text,
)

SETTINGS = StyleSettings(learning_rate=0.5, style_weight=2.0, content_weight=1.0)


def test_ranges_and_choices() -> None:
    texts = ["style_weight=1:20:log", "batch=2:8", "schedule=cosine,step", "width=0.25, 0.5"]
    assert spans_of(texts, SETTINGS) == (
        Span("style_weight", 1, 20, log=True),
        Span("batch", 2, 8, whole=True),
        Span("schedule", choices=("cosine", "step")),
        Span("width", choices=(0.25, 0.5)),
    )
    assert spans_of(["channels-last=true,false"], SETTINGS)[0].choices == (True, False)


def test_what_usually_matters_is_the_default() -> None:
    style, content, rate = spans_of([], SETTINGS)
    assert (style.name, style.low, style.high, style.log) == ("style_weight", 0.5, 8, True)
    assert content.name == "content_weight"
    assert rate == Span("learning_rate", 0.125, 1.0, log=True)  # 1 is the most it takes


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("style_wait=1:2", 'Did you mean "style_weight"'),
        ("last_size=64:128", "do not compare"),
        ("style_weight=3", "LOW:HIGH"),
        ("style_weight=3:1", "LOW:HIGH"),
        ("style_weight=0:1:log", "above 0"),
        ("style_weight=1:2:linear", "LOW:HIGH"),
        ("style_weight", "LOW:HIGH"),
        ("schedule=cosine", "two values"),
    ],
)
def test_what_cannot_be_searched_over_is_named(text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        spans_of([text], SETTINGS)


@pytest.mark.parametrize("text", ["learning_rate=0.1:2", "schedule=cosine,sine", "batch=2:few"])
def test_values_that_a_field_does_not_take_are_named(text: str) -> None:
    with pytest.raises(SettingError, match="--" + text.split("=")[0].replace("_", "-")):
        spans_of([text], SETTINGS)


def test_a_field_is_named_once() -> None:
    with pytest.raises(UsageError, match="twice"):
        spans_of(["batch=2:8", "batch=2:4"], SETTINGS)


def test_spans_are_kept_as_text() -> None:
    spans = spans_of(["style_weight=1:20:log", "schedule=cosine,step"], SETTINGS)
    assert spans_from_text(spans_to_text(spans)) == spans


def test_a_recipe_outside_its_ranges_is_no_trial() -> None:
    inside, outside = spans_of(["style_weight=1:3"], SETTINGS), Span("batch", 64, 128)
    assert base_values(inside, SETTINGS) == {"style_weight": 2.0}
    assert base_values((*inside, outside), SETTINGS) is None


def test_the_number_of_trials() -> None:
    assert SearchSettings(search="trials=20").trials == SearchSettings(search="20").trials == 20
    for wrong in ("many", "trials=0", "runs=3", None):
        with pytest.raises(UsageError, match="trials=20"):
            _ = SearchSettings(search=wrong).trials
