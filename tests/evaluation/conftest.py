"""What the tests of an evaluation share: a few small pictures, and one report of them."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from PIL import Image
from skimage import data

from impasto.evaluation.images import Outcome, evaluate_images
from impasto.images.patterns import render
from impasto.settings.evaluate import EvaluateSettings

HOSTILE = '<script>alert(1)<!-- ".png'  # a file's name that must do nothing in a page
SIZE = 96


class Pictures(NamedTuple):
    """Folders of photos and paintings."""

    contents: list[Path]
    styles: list[Path]


class Evaluated(NamedTuple):
    """An evaluation that was done, and where."""

    folder: Path
    outcome: Outcome
    models: list[str | Path]
    pictures: Pictures
    settings: EvaluateSettings


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Pictures:
    """Two photos, and two paintings: one bears a model's style's name, one a hostile name."""
    folder = tmp_path_factory.mktemp("pictures")
    for name in ("astronaut", "coffee"):
        Image.fromarray(getattr(data, name)()).resize((128, 96)).save(folder / f"{name}.png")
    for number, name in enumerate(("dusk-blue.png", HOSTILE)):
        pixels = render("roman-mosaic", number, 96) * 255
        Image.fromarray(pixels.astype(np.uint8)).save(folder / name)
    return Pictures(
        [folder / "astronaut.png", folder / "coffee.png"],
        [folder / "dusk-blue.png", folder / HOSTILE],
    )


@pytest.fixture(scope="session")
def evaluated(
    own_folders: None, pictures: Pictures, lone: Path, tmp_path_factory: pytest.TempPathFactory
) -> Evaluated:
    """The shipped painter and a model of one style, on all pictures."""
    folder = tmp_path_factory.mktemp("evaluated") / "report"
    models: list[str | Path] = ["painter", lone]
    settings = EvaluateSettings(size=SIZE, losses="both")
    outcome = evaluate_images(models, *pictures, folder, settings)
    return Evaluated(folder, outcome, models, pictures, settings)
