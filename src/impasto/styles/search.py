"""Find styles by words: names, titles, artists, schools, colors; forgiving, best first."""

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from impasto.catalog.attributes import color_word
from impasto.catalog.palette import parse_color
from impasto.provenance.cards import StyleCard

SHOWN = 0.1  # share of a picture from which a color is one of its main ones
LIKE = 0.8  # of letters that two words must share to be taken for the same
SHORTEST = 3  # letters of a word that may be the beginning of another
# What people add to the name of a style, and what says nothing of it.
FILLERS = frozenset({
    "a", "an", "and", "as", "at", "be", "by", "for", "from", "in", "into", "it", "like", "look",
    "make", "me", "my", "of", "on", "or", "paint", "painted", "painting", "paintings", "photo",
    "photograph", "picture", "style", "styled", "the", "this", "to", "turn", "with",
})  # fmt: skip
EXACT, BEGINS, ALIKE = 3.0, 2.0, 1.0


def search(cards: Sequence[StyleCard], words: str) -> list[StyleCard]:
    """Return the cards that words fit, best first; all of them for no words.

    Every word must fit something of a card: its name, title, artist, year, or tags, as a whole, by
    its beginning, or but for a letter or two. Accents do not count.
    """
    wanted = _words(words)
    kept = [word for word in wanted if word not in FILLERS] or wanted
    if not kept:
        return list(cards)
    scored = [(_score(card, kept), card) for card in cards]
    return [card for score, card in sorted(scored, key=lambda one: -one[0]) if score]


def nearest(cards: Sequence[StyleCard], words: str) -> list[StyleCard]:
    """Return the cards that fit a description, best first: more words that fit are better."""
    kept = [word for word in _words(words) if word not in FILLERS]
    scored = [(sum(_fit(card, word) for word in kept), card) for card in cards]
    return [card for score, card in sorted(scored, key=lambda one: -one[0]) if score]


def tags_of(card: StyleCard) -> list[str]:
    """Return what a style can be filtered by: school, tradition, medium, region, main colors.

    >>> tags_of(StyleCard("great-wave", school="Ukiyo-e", palette=(("#1f3b73", 1.0),)))
    ['ukiyo-e', 'blue']
    """
    said = [card.school, card.medium, card.tradition.partition(",")[0], card.extra.get("region")]
    colors = [_color(color) for color, share in card.palette if share >= SHOWN]
    tags = [_plain(str(text)).strip() for text in said if text]
    return list(dict.fromkeys([*tags, *colors]))


def _score(card: StyleCard, words: Sequence[str]) -> float:
    fits = [_fit(card, word) for word in words]
    return sum(fits) if all(fits) else 0.0


def _fit(card: StyleCard, word: str) -> float:
    """Return how well a word fits a card; what it is called counts more than what it is like."""
    called = _words(f"{card.name} {card.title}")
    made = _words(f"{card.artist} {card.tradition} {card.year}")
    like = _words(" ".join(tags_of(card)))
    fits = ((3, called), (2, made), (1, like))
    return max(w * _likeness(word, other) for w, others in fits for other in (*others, ""))


@lru_cache(1 << 14)
def _likeness(word: str, other: str) -> float:
    if word == other:
        return EXACT
    if len(word) >= SHORTEST and other.startswith(word):
        return BEGINS
    short, long = sorted((len(word), len(other)))
    # Cheap bounds first: most words are nothing alike.
    if short < SHORTEST or 2 * short < LIKE * (short + long):
        return 0.0
    alike = SequenceMatcher(None, word, other)
    return ALIKE if alike.quick_ratio() >= LIKE and alike.ratio() >= LIKE else 0.0


@lru_cache(4096)
def _color(color: str) -> str:
    return color_word(parse_color(color))


@lru_cache(4096)
def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", _plain(text))


@lru_cache(4096)
def _plain(text: str) -> str:
    """Return a text in small letters without accents."""
    letters = unicodedata.normalize("NFKD", text)
    return "".join(one for one in letters if not unicodedata.combining(one)).lower()
