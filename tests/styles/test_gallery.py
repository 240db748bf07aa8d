"""The shipped gallery: complete, consistent, lawful; and the user's own styles."""

import re
from dataclasses import replace

import numpy as np
import pytest

from impasto.errors import OutputExists, UnknownStyle, UsageError
from impasto.methods.fast import SHIPPED
from impasto.provenance.cards import StyleCard
from impasto.styles import gallery
from impasto.styles.style import Style
from impasto.weights.files import sha256_of
from impasto.weights.models import open_model

ENCODER = gallery.BUILT_IN.parent / "models" / "encoder" / "encoder.safetensors"


def test_there_are_at_least_48_styles_with_the_famous_ones() -> None:
    assert len(gallery.built_in()) >= 48
    assert {"starry-night", "great-wave", "seurat-circus", "roman-mosaic"} <= set(
        gallery.built_in()
    )


@pytest.mark.parametrize("name", sorted(gallery.built_in()))
def test_every_style_has_a_lawful_card_and_fits_the_painter(name: str) -> None:
    style = gallery.find(name)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", name) and style.name == name
    style.check_encoder(open_model(SHIPPED).encoder_id)
    card = style.card
    assert card.title and card.licence and card.palette and card.year
    died = card.artist_died
    assert (died is not None and died <= 1955) or card.tradition or card.licence == "CC0-1.0"
    assert gallery.preview_path(name) is not None
    assert gallery.built_in()[name].stat().st_size < 16_000
    assert style.moments is not None
    assert style.moments.encoder_id == sha256_of(ENCODER)


def test_no_two_styles_are_the_same() -> None:
    vectors = np.stack([Style.load(path).vector for path in gallery.built_in().values()])
    distance = np.abs(vectors[:, None] - vectors[None]).mean(-1) + np.eye(len(vectors))
    assert distance.min() > 1e-3


def own(name: str = "my-style") -> Style:
    return Style(np.zeros(4, np.float32), "e1", StyleCard(name))


def test_own_styles_are_added_found_and_removed() -> None:
    gallery.add(own())
    assert gallery.find("my-style").encoder_id == "e1"
    with pytest.raises(OutputExists, match="--overwrite"):
        gallery.add(own())
    gallery.add(replace(own(), encoder_id="e2"), overwrite=True)
    assert gallery.find("my-style").encoder_id == "e2"
    gallery.remove("my-style")
    assert "my-style" not in gallery.names()


def test_the_gallery_itself_stays() -> None:
    with pytest.raises(UsageError, match="Choose another name"):
        gallery.add(own("starry-night"), overwrite=True)
    with pytest.raises(UsageError, match="belongs to the gallery"):
        gallery.remove("starry-night")


def test_unknown_names_get_the_closest() -> None:
    with pytest.raises(UnknownStyle, match='"great-wave"'):
        gallery.find("grate-wave")
    with pytest.raises(UnknownStyle, match="You have no style"):
        gallery.remove("no-such-style")
