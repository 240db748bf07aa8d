"""Style files and mixing."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from impasto.errors import EncoderMismatch, ModelError, UsageError
from impasto.images.source import open_picture
from impasto.provenance.cards import StyleCard
from impasto.styles.moments import StyleMoments
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


def bare(name: str) -> Style:
    """Return a style without a vector."""
    return Style.of_painting(open_picture(np.zeros((4, 6, 3), np.uint8)), StyleCard(name))


def test_moments_are_saved_with_the_style_and_may_be_absent(tmp_path: Path) -> None:
    seen = {64: {"relu1_1": np.array([[0.25], [0.5]], np.float32)}}
    one = replace(style("sun-print", 0), moments=StyleMoments("m1", seen))
    one.save(tmp_path / "with.style")
    other = Style.load(tmp_path / "with.style")
    assert other.moments is not None and other.moments.encoder_id == "m1"
    np.testing.assert_array_equal(other.moments.at(64)["relu1_1"], [[0.25], [0.5]])
    np.testing.assert_array_equal(other.vector, one.vector)
    style("sun-print", 0).save(tmp_path / "without.style")
    assert Style.load(tmp_path / "without.style").moments is None


def test_a_style_that_is_no_mix_is_its_own_only_part() -> None:
    one = style("a-b", 0)
    assert one.each == ((1.0, one),)


def test_a_mix_of_mixes_is_a_mix_of_all_their_parts() -> None:
    a, b, c, d = (style(name, seed) for seed, name in enumerate(("a-b", "c-d", "e-f", "g-h")))
    nested, flat = mix([mix([a, b], [1, 1]), c, d], [2, 1, 0]), mix([a, b, c], [1, 1, 1])
    assert [part for _, part in nested.each] == [a, b, c]  # d has no share
    np.testing.assert_allclose([share for share, _ in nested.each], 1 / 3)
    np.testing.assert_allclose(nested.vector, flat.vector, rtol=1e-6)


def test_a_mix_with_a_style_without_vector_has_none_but_knows_its_parts() -> None:
    a, painting = style("a-b", 0), bare("my-painting")
    mixed = mix([a, painting], [1, 3])
    assert mixed.each == ((0.25, a), (0.75, painting))
    assert not mixed.vector.size and mixed.encoder_id == ""


def test_a_style_without_vector_says_how_to_get_one(tmp_path: Path) -> None:
    painting = bare("my-painting")
    for encoder in ("e1", ""):
        with pytest.raises(EncoderMismatch, match=r"for optimisation.*FastStylizer\.style"):
            painting.check_encoder(encoder)
    with pytest.raises(ModelError, match="impasto styles add PAINTING --name my-painting"):
        painting.save(tmp_path / "my-painting.style")
    assert not list(tmp_path.iterdir())
