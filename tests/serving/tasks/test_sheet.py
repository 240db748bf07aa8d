"""A sheet has a picture for each style and strength, as each alone is painted."""

import numpy as np
import pytest
from PIL import Image
from tests.serving.tasks.conftest import Desk

from impasto.errors import PictureTooLarge
from impasto.images.sheet import grid_size
from impasto.provenance.disclosure import read_disclosure


def test_a_sheet(desk: Desk) -> None:
    outcome = desk.do(
        "sheet",
        styles=["great-wave", f"asset:{desk.painting}"],
        strengths=[0, 1],
        size=48,
        output={"format": "png"},
    )
    (page,) = outcome.files
    with Image.open(page) as image:
        pixels = np.asarray(image.convert("RGB"))
    assert pixels.shape[:2] == grid_size(32, 48, 2, 2)
    assert (outcome.facts["height"], outcome.facts["width"]) == pixels.shape[:2]
    left, right = pixels[:66, 70:118], pixels[:66, 128:176]
    assert np.array_equal(left[34:], right[34:])  # strength 0 is the photo, whatever the style
    assert not np.array_equal(pixels[76:, 70:118], pixels[76:, 128:176])
    disclosed = read_disclosure(page)
    assert disclosed and disclosed["settings"]["style"][0]["name"] == "great-wave"
    assert disclosed["settings"]["strength"] == [0, 1]
    assert desk.events[-1].values["step"] == 4


def test_a_sheet_has_a_limit(desk: Desk) -> None:
    with pytest.raises(PictureTooLarge):
        desk.do("sheet", styles=["great-wave"] * 12, strengths=[1] * 12)
