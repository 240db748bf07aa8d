"""A client's words: names, weights and assets, and no path, however it is written."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from impasto.errors import EncoderMismatch, SettingError, UnknownStyle, UsageError
from impasto.images.samples import to_samples
from impasto.methods.fast import FastStylizer
from impasto.serving.words import assets_in, colors_of, model_of, parse, style_of
from impasto.styles.gallery import find
from impasto.styles.style import Style
from impasto.styles.words import StyleWord

ID = "0123456789abcdef" * 4


def test_a_name_and_an_asset_have_a_weight_or_not() -> None:
    assert parse("great-wave") == StyleWord("great-wave", 1)
    assert parse(f"asset:{ID}:0.25") == StyleWord(f"asset:{ID}", 0.25)
    assert assets_in(["great-wave:2", f"asset:{ID}:0.25"]) == [ID]


@pytest.mark.parametrize(
    "word",
    ["", "/etc/passwd", "../photo.jpg", "photo.jpg", "asset:12ab", "asset:../" + ID, "a b",
     "great-wave:-1", "great-wave:nan", "great-wave\n", "C:\\x", "https://example.org/x.jpg"],
)  # fmt: skip
def test_a_path_is_no_style(word: str) -> None:
    with pytest.raises(UnknownStyle):
        parse(word)


def test_a_file_of_a_styles_name_is_not_looked_at(
    stylizer: FastStylizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Image.new("RGB", (32, 32)).save(tmp_path / "great-wave", "PNG")
    Image.new("RGB", (32, 32)).save(tmp_path / "no-style", "PNG")
    monkeypatch.chdir(tmp_path)
    assert (style_of(stylizer, "great-wave", {}).vector == find("great-wave").vector).all()
    with pytest.raises(UnknownStyle, match="no-style"):
        style_of(stylizer, "no-style", {})


def test_an_uploaded_painting_is_seen_and_mixed(
    stylizer: FastStylizer, photo: npt.NDArray[np.float32], tmp_path: Path
) -> None:
    Image.fromarray(to_samples(photo, 8)).save(tmp_path / "painting", "PNG")
    seen = stylizer.style_of(tmp_path / "painting", "own").vector
    mixed = style_of(stylizer, [f"asset:{ID}:1", "great-wave:3"], {ID: tmp_path / "painting"})
    assert np.allclose(mixed.vector, 0.25 * seen + 0.75 * find("great-wave").vector, atol=1e-5)


def test_a_style_file_is_used_as_it_is_and_another_encoders_refused(
    stylizer: FastStylizer, tmp_path: Path
) -> None:
    style = find("great-wave")
    style.save(tmp_path / "own.style")
    used = style_of(stylizer, f"asset:{ID}", {ID: tmp_path / "own.style"})
    assert (used.vector == style.vector).all()
    Style(style.vector, "another", style.card).save(tmp_path / "other.style")
    with pytest.raises(EncoderMismatch):
        style_of(stylizer, f"asset:{ID}", {ID: tmp_path / "other.style"})


def test_an_asset_that_was_not_given_is_unknown(stylizer: FastStylizer) -> None:
    with pytest.raises(UnknownStyle, match="Upload"):
        style_of(stylizer, f"asset:{ID}", {})


def test_a_wrong_name_has_a_hint(stylizer: FastStylizer) -> None:
    with pytest.raises(UnknownStyle, match='Did you mean "starry-night"'):
        style_of(stylizer, "stary-night", {})
    with pytest.raises(UsageError, match='Did you mean "painter"'):
        model_of("paintr")


def test_a_palette_is_colors_and_names_of_styles() -> None:
    assert colors_of(["navy,rgb(1, 2, 3)", "#fff"]) == ("#000080", "#010203", "#ffffff")
    assert colors_of(["great-wave"]) == tuple(c for c, _ in find("great-wave").card.palette)


@pytest.mark.parametrize("word", ["nvy", "photo.jpg", "/etc/passwd", "x" * 5000])
def test_a_path_is_no_palette(word: str) -> None:
    with pytest.raises(SettingError):
        colors_of([word])


def test_a_model_is_a_name() -> None:
    folder = model_of("painter")
    assert folder is not None and folder.name == "painter" and model_of(None) is None
    with pytest.raises(UsageError):
        model_of(str(folder))
