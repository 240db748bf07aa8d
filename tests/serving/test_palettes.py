"""A client's palette: colors, names of styles, and no path, however it is written."""

from pathlib import Path

import pytest
from PIL import Image

from impasto.errors import SettingError, UnknownStyle
from impasto.serving.palettes import colors_of
from impasto.styles.gallery import find


def test_a_palette_is_colors_and_names_of_styles() -> None:
    assert colors_of(["navy,rgb(1, 2, 3)", "#fff"]) == ("#000080", "#010203", "#ffffff")
    assert colors_of(["great-wave"]) == tuple(c for c, _ in find("great-wave").card.palette)
    assert colors_of([]) == ()


@pytest.mark.parametrize("word", ["nvy", "photo.jpg", "/etc/passwd", "x" * 5000, "navy," * 99])
def test_what_is_no_color_is_refused(word: str) -> None:
    with pytest.raises(SettingError):
        colors_of([word])


def test_a_file_of_that_name_is_not_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("no-style", "navy"):
        Image.new("RGB", (32, 32), "red").save(tmp_path / name, "PNG")
    monkeypatch.chdir(tmp_path)
    assert colors_of(["navy"]) == ("#000080",)
    with pytest.raises(UnknownStyle, match="no-style"):
        colors_of(["no-style"])


def test_a_wrong_name_has_a_hint() -> None:
    with pytest.raises(UnknownStyle, match='Did you mean "starry-night"'):
        colors_of(["stary-night"])
