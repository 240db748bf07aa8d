"""What --style words mean."""

from pathlib import Path
from typing import Any

import pytest

from impasto.errors import UnknownStyle, UsageError
from impasto.styles.words import StyleWord, kind_of, parse_word, words_of


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("great-wave", StyleWord("great-wave")),
        ("great-wave:0.6", StyleWord("great-wave", 0.6)),
        ("a.jpg:2", StyleWord("a.jpg", 2)),
        ("a.jpg:.5", StyleWord("a.jpg", 0.5)),
        ("a.jpg:-1", StyleWord("a.jpg", -1)),
        ("C:/a.jpg", StyleWord("C:/a.jpg")),
        ("C:/a.jpg:0.5", StyleWord("C:/a.jpg", 0.5)),
    ],
)
def test_the_last_colon_and_a_number_are_the_weight(text: str, word: StyleWord) -> None:
    assert parse_word(text) == word


def test_an_existing_file_wins_over_a_weight(tmp_path: Path) -> None:
    path = tmp_path / "study:2"
    path.touch()
    assert parse_word(str(path)) == StyleWord(str(path))


@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_word_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_word(text)


def test_names_files_and_paintings_are_told_apart(tmp_path: Path) -> None:
    painting, saved = tmp_path / "p.jpg", tmp_path / "s.style"
    painting.touch()
    saved.touch()
    assert kind_of("starry-night") == "gallery"
    assert kind_of(str(painting)) == "picture"
    assert kind_of(str(saved)) == "file"


def test_a_misspelt_name_gets_the_closest_one() -> None:
    with pytest.raises(UnknownStyle, match='Did you mean "starry-night"'):
        kind_of("stary-night")


def test_a_text_too_long_for_a_name_is_no_style() -> None:
    with pytest.raises(UnknownStyle, match="no style"):
        kind_of(parse_word("n" * 300 + ":0.5").name)


def test_a_missing_file_gets_the_closest_one(tmp_path: Path) -> None:
    (tmp_path / "painting.jpg").touch()
    with pytest.raises(UnknownStyle, match=r"painting\.jpg"):
        kind_of(str(tmp_path / "paintin.jpg"))


def test_a_folder_and_a_description_are_explained(tmp_path: Path) -> None:
    with pytest.raises(UnknownStyle, match="is a folder"):
        kind_of(str(tmp_path))
    with pytest.raises(UnknownStyle, match="Described styles"):
        kind_of("a stormy night in oil")


@pytest.mark.parametrize("style", [None, 3, [], (), ["great-wave", 3]])
def test_what_is_no_word_is_explained(style: Any) -> None:
    with pytest.raises(UsageError, match=r"Give a gallery name"):
        words_of(style)
