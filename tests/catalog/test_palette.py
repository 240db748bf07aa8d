"""A palette names the colors that are there, with their shares."""

import numpy as np
import pytest

from impasto.catalog.palette import palette, parse_color
from impasto.errors import SettingError


def test_flat_areas_are_found_with_their_shares() -> None:
    flag = np.zeros((60, 60, 3), np.float32)
    flag[:30] = (1, 0, 0)
    flag[30:48] = (0, 0, 1)
    found = palette(flag)
    assert [color for color, _ in found] == ["#ff0000", "#0000ff", "#000000"]
    assert [share for _, share in found] == pytest.approx([0.5, 0.3, 0.2])


def test_the_same_picture_gives_the_same_palette() -> None:
    picture = np.random.default_rng(0).random((40, 50, 3), dtype=np.float32)
    assert palette(picture) == palette(picture.copy())


def test_shares_add_up_and_fall() -> None:
    found = palette(np.random.default_rng(1).random((300, 200, 3), dtype=np.float32), 8)
    shares = [share for _, share in found]
    assert len(found) == 8 and sum(shares) == pytest.approx(1)
    assert shares == sorted(shares, reverse=True)


def test_one_color_gives_one_entry() -> None:
    assert palette(np.full((5, 5, 3), 0.2, np.float32)) == [("#333333", 1.0)]


def test_a_large_picture_has_the_colors_of_a_small_one() -> None:
    large = np.full((900, 600, 3), 0.2, np.float32)
    large[300:] = (0.9, 0.8, 0.1)
    found = palette(large, 2)
    assert [share for _, share in found] == pytest.approx([2 / 3, 1 / 3], abs=0.02)
    for (color, _), wanted in zip(found, [(230, 204, 26), (51, 51, 51)], strict=True):
        assert np.abs(np.array(list(bytes.fromhex(color[1:]))) - wanted).max() <= 6


@pytest.mark.parametrize("text", ["#0000FF", "blue", " Blue ", "rgb(0,0,255)", "#00f", "#0000ffff"])
def test_colors_are_read_as_in_css(text: str) -> None:
    assert parse_color(text).tolist() == [0, 0, 1]


@pytest.mark.parametrize(
    ("text", "hint"), [("bleu", '"blue"'), ("0000ff", '"#0000ff"'), ("", "navy"), ("#00", "navy")]
)
def test_what_is_no_color_has_a_hint(text: str, hint: str) -> None:
    with pytest.raises(SettingError, match=hint):
        parse_color(text)
