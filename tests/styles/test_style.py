"""Style files and mixing."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from impasto.errors import EncoderMismatch, ModelError, UsageError
from impasto.provenance.cards import StyleCard
from impasto.styles.style import Style, describe, mix


def style(name: str, seed: int, encoder: str = "e1") -> Style:
    vector = np.random.default_rng(seed).random(12, np.float32)
    return Style(
        vector, encoder, StyleCard(name, artist="Anna Atkins", palette=(("#112233", 1.0),))
    )


def test_saved_then_loaded_is_the_same(tmp_path: Path) -> None:
    one = style("sun-print", 0)
    one.save(tmp_path / "sun-print.style")
    other = Style.load(tmp_path / "sun-print.style")
    assert (other.vector == one.vector).all()
    assert (other.encoder_id, other.card) == (one.encoder_id, one.card)


@pytest.mark.parametrize("content", [b"", b"no style", b"\x08\0\0\0\0\0\0\0{}      "])
def test_another_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "wrong.style"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"wrong\.style is not a style file"):
        Style.load(path)


def test_a_vector_that_is_no_number_is_refused(tmp_path: Path) -> None:
    broken = replace(style("a-b", 0), vector=np.full(12, np.nan, np.float32))
    broken.save(tmp_path / "a-b.style")
    with pytest.raises(ModelError):
        Style.load(tmp_path / "a-b.style")


def test_a_mix_of_one_style_with_itself_is_that_style() -> None:
    one = style("a-b", 0)
    np.testing.assert_allclose(mix([one, one], [0.3, 0.9]).vector, one.vector, rtol=1e-6)
    assert mix([one], [5]) is one


def test_a_mix_is_the_weighted_mean() -> None:
    a, b = style("a-b", 0), style("c-d", 1)
    np.testing.assert_allclose(
        mix([a, b], [3, 1]).vector, 0.75 * a.vector + 0.25 * b.vector, rtol=1e-6
    )
    np.testing.assert_allclose(mix([a, b], [1, 0]).vector, a.vector, rtol=1e-6)


def test_a_mix_says_what_is_in_it() -> None:
    assert describe(mix([style("a-b", 0), style("c-d", 1)], [3, 1]))["mix"] == [
        {"name": "a-b", "weight": 0.75},
        {"name": "c-d", "weight": 0.25},
    ]


@pytest.mark.parametrize("weights", [[0, 0], [-1, 2]])
def test_weights_that_make_no_sense_are_refused(weights: list[float]) -> None:
    with pytest.raises(UsageError, match="weights"):
        mix([style("a-b", 0), style("c-d", 1)], weights)


def test_styles_of_different_encoders_do_not_mix() -> None:
    with pytest.raises(EncoderMismatch, match="impasto styles add"):
        mix([style("a-b", 0), style("c-d", 1, "e2")], [1, 1])
