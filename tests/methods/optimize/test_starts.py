"""What an optimisation begins with."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import torch
from PIL import Image

from impasto.errors import PictureError, UsageError
from impasto.images.masks import Mask
from impasto.images.source import open_picture
from impasto.methods.base import Region
from impasto.methods.optimize.schedule import Scale
from impasto.methods.optimize.starts import canvas, started
from impasto.provenance.cards import StyleCard
from impasto.styles.gallery import find
from impasto.styles.style import Style, mix

Pixels = npt.NDArray[np.float32]
SCALE = Scale(36, 48, 5)
RED = Style.of_painting(
    open_picture(np.full((30, 40, 3), (0.8, 0.3, 0.2), np.float32)), StyleCard("all-red")
)


def start(init: str, photo: Pixels, style: Style = RED, seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return started(init, SCALE, open_picture(photo), style, (), generator)


@pytest.mark.parametrize("init", ["content", "noise", "style"])
def test_it_is_a_picture_of_the_scales_size(photo: Pixels, init: str) -> None:
    first = start(init, photo)
    assert first.shape == (1, 3, 36, 48) and first.dtype == torch.float32
    assert first.min() >= 0 and first.max() <= 1


def test_content_is_the_photo(photo: Pixels) -> None:
    own = canvas(open_picture(photo), Scale(72, 96, 1))
    np.testing.assert_allclose(own[0].permute(1, 2, 0), photo, atol=0.5 / 255 + 1e-6)
    assert abs(start("content", photo).mean() - photo.mean()) < 0.01


@pytest.mark.parametrize("init", ["noise", "style"])
def test_noise_follows_from_the_seed(photo: Pixels, init: str) -> None:
    style = Style.of_painting(open_picture(photo), StyleCard("photo-style"))
    assert torch.equal(start(init, photo, style), start(init, photo, style))
    assert not torch.equal(start(init, photo, style), start(init, photo, style, seed=1))


def test_style_has_the_colors_of_the_painting(photo: Pixels) -> None:
    colors = start("style", photo).mean((0, 2, 3))
    torch.testing.assert_close(colors, torch.tensor([0.8, 0.3, 0.2]), atol=0.01, rtol=0)


def test_style_has_those_of_the_painting_that_weighs_most(photo: Pixels) -> None:
    blue = Style.of_painting(
        open_picture(np.full((9, 9, 3), (0.1, 0.2, 0.9), np.float32)), StyleCard("all-blue")
    )
    colors = start("style", photo, mix([RED, blue], [0.4, 0.6])).mean((0, 2, 3))
    torch.testing.assert_close(colors, torch.tensor([0.1, 0.2, 0.9]), atol=0.01, rtol=0)


def test_style_needs_a_painting(photo: Pixels) -> None:
    with pytest.raises(UsageError, match=r'needs a painting, and "great-wave" holds none'):
        start("style", photo, find("great-wave"))


def test_a_picture_may_be_named(photo: Pixels, tmp_path: Path) -> None:
    Image.new("RGB", (10, 7), (255, 0, 0)).save(tmp_path / "red.png")
    first = start(str(tmp_path / "red.png"), photo)
    torch.testing.assert_close(first[0, :, 3, 5], torch.tensor([1.0, 0.0, 0.0]))
    with pytest.raises(PictureError, match=r"gone\.png"):
        start(str(tmp_path / "gone.png"), photo)
    with pytest.raises(UsageError, match='Did you mean "content"'):
        start("contnt", photo)


def test_the_painters_painting_follows_styles_and_regions(photo: Pixels) -> None:
    left = Region(Mask(np.array([[1, 0]], np.float32)), find("starry-night"))
    source, generator, waves = open_picture(photo), torch.Generator(), find("great-wave")
    ground = started("painter", SCALE, source, waves, (), generator)
    both = started("painter", SCALE, source, waves, [left], generator)
    assert ground.shape == (1, 3, 36, 48)
    changed = (ground - both).abs().mean((0, 1, 2))
    assert changed[:12].mean() > 2 * changed[36:].mean()


def test_the_painter_sees_paintings_too(photo: Pixels) -> None:
    assert start("painter", photo).isfinite().all()
    assert start("painter", photo, mix([RED, find("great-wave")], [1, 1])).shape[2:] == SCALE.size
