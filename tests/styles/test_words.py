"""What --style words mean."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from impasto.errors import EncoderMismatch, UnknownStyle, UsageError
from impasto.images.source import open_picture
from impasto.provenance.cards import StyleCard
from impasto.styles.gallery import find
from impasto.styles.style import Style
from impasto.styles.words import StyleWord, kebab, kind_of, open_styles, parse_word, words_of


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


def of_painting(path: Path) -> Style:
    return Style.of_painting(open_picture(path), StyleCard(kebab(path.stem)))


def test_words_are_opened_and_mixed_by_weight(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Image.new("RGB", (9, 7), "navy").save("My Sky.png")
    find("great-wave").save("wave.style")
    mixed = open_styles(["My Sky.png:2", "starry-night", "./wave.style"], of_painting)
    assert [(share, part.name) for share, part in mixed.each] == [
        (0.5, "my-sky"), (0.25, "starry-night"), (0.25, "great-wave")
    ]  # fmt: skip
    painting = mixed.each[0][1].painting
    assert painting is not None and (painting.height, painting.width) == (7, 9)


def test_one_word_is_that_style_itself(tmp_path: Path) -> None:
    opened = open_styles("great-wave", of_painting)
    np.testing.assert_array_equal(opened.vector, find("great-wave").vector)


def test_the_style_of_another_encoder_is_named(tmp_path: Path) -> None:
    ours = find("great-wave")
    path = tmp_path / "other.style"
    Style(ours.vector, "other", StyleCard("other-style")).save(path)
    with pytest.raises(EncoderMismatch, match='"other-style" was made by another'):
        open_styles([str(path), "great-wave"], of_painting, ours.encoder_id)
    assert open_styles(str(path), of_painting).encoder_id == "other"
