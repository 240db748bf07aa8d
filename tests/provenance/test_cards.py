"""Style cards come back from JSON as they were, and wrong ones say what is wrong."""

import json
from typing import Any

import pytest

from impasto.errors import ModelError
from impasto.provenance.cards import SCHEMA, StyleCard

WAVE = StyleCard(
    name="great-wave",
    title="神奈川沖浪裏",
    artist="Katsushika Hokusai",
    artist_died=1849,
    year="about 1831",
    collection="The Metropolitan Museum of Art",
    licence="CC0-1.0",
    source="https://example.org/great-wave",
    palette=(("#e8dcc0", 0.6), ("#1d3d5c", 0.4)),
    medium="woodblock print",
    school="ukiyo-e",
)


def altered(**changes: Any) -> str:
    """Return the JSON of the card with some fields changed."""
    return json.dumps(json.loads(WAVE.to_json()) | changes)


def test_a_card_comes_back_from_json() -> None:
    assert StyleCard.from_json(WAVE.to_json()) == WAVE
    assert StyleCard.from_json(WAVE.to_json().encode()) == WAVE


def test_only_the_name_is_needed() -> None:
    card = StyleCard("my-style")
    assert StyleCard.from_json(card.to_json()) == card
    assert json.loads(card.to_json()) == {
        "schema": SCHEMA,
        "name": "my-style",
        "artist_died": None,
    }


def test_fields_of_later_versions_are_kept() -> None:
    card = StyleCard.from_json(altered(mood=["awe"]))
    assert card.extra == {"mood": ["awe"]}
    assert json.loads(card.to_json())["mood"] == ["awe"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "schema None"),
        (altered(schema="style-card/9"), "'style-card/9'.*Update"),
        (json.dumps({"schema": SCHEMA}), "no name"),
        (altered(name="Great Wave"), "'Great Wave'.*hyphens"),
        (altered(name="../up"), "hyphens"),
        (altered(name=7), "named 7"),
        (altered(title=None), '"title" must be text'),
        (altered(year=1831), '"year" must be text'),
        (altered(artist_died="1849"), '"artist_died" must be a year'),
        (altered(artist_died=True), '"artist_died" must be a year'),
        (altered(palette=7), '"palette" must be'),
        (altered(palette="#ffffff"), '"palette" must be'),
        (altered(palette=[["#fff", 0.5]]), '"palette" must be'),
        (altered(palette=[["#ffffff", 2]]), '"palette" must be'),
        (altered(palette=[["#ffffff"]]), '"palette" must be'),
        (altered(palette=[[1, 2]]), '"palette" must be'),
    ],
)
def test_wrong_cards_are_refused(text: str | bytes, words: str) -> None:
    with pytest.raises(ModelError, match=words):
        StyleCard.from_json(text)
