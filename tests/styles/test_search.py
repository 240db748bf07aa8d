"""Styles are found by what people remember of them."""

import pytest

from impasto.provenance.cards import StyleCard
from impasto.styles.gallery import styles
from impasto.styles.search import nearest, search, tags_of

CARDS = [style.card for style in styles()]


def names(found: list[StyleCard]) -> list[str]:
    return [card.name for card in found]


def test_no_words_find_everything() -> None:
    assert search(CARDS, "") == search(CARDS, "  ") == CARDS


@pytest.mark.parametrize(
    "words",
    ["starry night", "starry-night", "Starry Nigth", "gogh starry", "STARRY", "van goh star"],
)
def test_a_style_is_found_however_it_is_spelled(words: str) -> None:
    assert names(search(CARDS, words))[0] == "starry-night"


def test_every_word_must_fit() -> None:
    found = search(CARDS, "van gogh")
    assert found and all("Gogh" in card.artist for card in found)
    assert not search(CARDS, "gogh zebra")


def test_colors_and_schools_are_words_too() -> None:
    found = search(CARDS, "ukiyo blue")
    assert found and all({"ukiyo-e", "blue"} <= set(tags_of(card)) for card in found)


def test_accents_do_not_count() -> None:
    card = StyleCard("old-chapel", artist="Camille Corot", title="La Chapelle près de Sèvres")
    assert search([card], "pres sevres") == [card]


def test_a_description_finds_the_nearest_and_nothing_finds_none() -> None:
    assert nearest(CARDS, "make it look like a painting by Hokusai, the great wave")[0].name == (
        "great-wave"
    )
    assert nearest(CARDS, "zzzz qqqq") == nearest(CARDS, "") == []


def test_tags_are_plain_words_each_once() -> None:
    for card in CARDS:
        tags = tags_of(card)
        assert len(tags) == len(set(tags)) and all(tag == tag.lower().strip() for tag in tags)
