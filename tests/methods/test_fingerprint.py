"""The fingerprint changes with what is painted, not with how it is computed."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from impasto.images.source import open_picture
from impasto.methods.fingerprint import fingerprint
from impasto.provenance.cards import StyleCard
from impasto.settings.optimize import OptimizeSettings
from impasto.settings.stylize import StylizeSettings
from impasto.styles.gallery import find
from impasto.styles.style import Style, mix

STYLE = find("starry-night")
PLAIN = fingerprint(STYLE, StylizeSettings())


@pytest.mark.parametrize(
    "settings",
    [
        StylizeSettings(strength=0.5),
        StylizeSettings(quality=80),
        StylizeSettings(select=("3,4",)),
    ],
)
def test_settings_that_change_the_picture_change_it(settings: StylizeSettings) -> None:
    assert fingerprint(STYLE, settings) != PLAIN


def test_a_style_of_the_same_name_and_another_vector_changes_it() -> None:
    assert fingerprint(replace(STYLE, vector=STYLE.vector * 2), StylizeSettings()) != PLAIN


def test_every_part_of_a_style_for_an_optimiser_counts() -> None:
    painting = Style.of_painting(
        open_picture(np.zeros((8, 8, 3), np.uint8)), StyleCard("all-black")
    )
    mixed = [mix([painting, find(name)], [1, 1]) for name in ("starry-night", "great-wave")]
    assert len({fingerprint(style, OptimizeSettings()) for style in (painting, *mixed)}) == 3


def test_engine_and_threads_change_nothing() -> None:
    settings = StylizeSettings(engine="onnxruntime", threads=3, workers=2, max_pixels=99)
    assert fingerprint(STYLE, settings) == PLAIN


def test_the_content_of_a_mask_counts(tmp_path: Path) -> None:
    mask = tmp_path / "mask.png"
    settings = StylizeSettings(region=(f"not:{mask}=great-wave",))
    found = set()
    for grey in (0, 200):
        Image.fromarray(np.full((8, 8), grey, np.uint8)).save(mask)
        found.add(fingerprint(STYLE, settings))
    assert len(found | {PLAIN}) == 3
