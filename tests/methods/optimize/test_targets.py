"""Which style counts where, and which styles cannot be aimed at."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch

from impasto.errors import UsageError
from impasto.features.encoder import Encoder
from impasto.images.masks import Mask
from impasto.images.source import open_picture
from impasto.methods.base import Region
from impasto.methods.optimize.moments import moments_of
from impasto.methods.optimize.objective import Objective
from impasto.methods.optimize.seen import to_tensor
from impasto.methods.optimize.targets import Area, Look, Targets, areas_of
from impasto.provenance.cards import StyleCard
from impasto.styles.moments import StyleMoments
from impasto.styles.style import Style

Make = Callable[[torch.dtype], Encoder]
Pixels = npt.NDArray[np.float32]
LAYERS = {"relu1_1": 0.5, "relu3_1": 0.5}


def painting_of(pixels: Pixels) -> Style:
    return Style.of_painting(open_picture(pixels), StyleCard("a-painting"))


def known_by(moments: StyleMoments | None) -> Style:
    return Style(np.zeros(4, np.float32), "other", StyleCard("moments-only"), moments)


def style_loss(
    encoder: Encoder, areas: Sequence[Area], picture: Pixels, fine_from: float = 0.0, **look: Any
) -> float:
    known = {"style_layers": LAYERS, "levels": 3, "criterion": "moments", **look}
    targets = Targets(
        encoder,
        Look(**known),
        areas,
        generator=torch.Generator().manual_seed(0),
        block=1024,
        device=torch.device("cpu"),
        fine_from=fine_from,
    )
    seen = to_tensor(picture)
    weights = {"style": 1.0, "content": 0.0, "variation": 0.0}
    found = Objective(targets.levels(seen)).evaluate(seen, weights)  # type: ignore[arg-type]
    return found.terms["style"]


@pytest.mark.parametrize("criterion", ["gram", "mixed", "w2", "covariance", "sliced"])
def test_moments_alone_suffice_for_moments_alone(tiny: Make, photo: Pixels, criterion: str) -> None:
    encoder = tiny(torch.float32)
    style = known_by(moments_of(open_picture(photo), encoder))
    with pytest.raises(
        UsageError, match=r'"moments-only".*Give a picture, or: --criterion moments'
    ):
        style_loss(encoder, [Area([(1.0, style)])], photo, criterion=criterion)


def test_moments_stand_for_their_painting(tiny: Make, photo: Pixels) -> None:
    encoder, other = tiny(torch.float32), photo[::-1, :, ::-1] ** 2
    style = known_by(moments_of(open_picture(photo), encoder, sizes=(24, 48, 96)))
    own, far = (
        style_loss(encoder, [Area([(1.0, style)])], one.copy(), levels=1) for one in (photo, other)
    )
    assert own < 0.1 * far  # they were seen without a margin
    painted = style_loss(encoder, [Area([(1.0, painting_of(photo))])], other.copy(), levels=1)
    assert far == pytest.approx(painted, rel=0.3)


def test_moments_of_another_encoder_are_refused(tiny: Make, photo: Pixels) -> None:
    encoder = tiny(torch.float32)
    seen = moments_of(open_picture(photo), encoder)
    style = known_by(StyleMoments("another", seen.sizes))
    with pytest.raises(UsageError, match=r"seen by another encoder than tiny.*--encoder embedded"):
        style_loss(encoder, [Area([(1.0, style)])], photo)


def test_a_style_without_anything_to_aim_at_is_refused(tiny: Make, photo: Pixels) -> None:
    with pytest.raises(UsageError, match=r"holds no moments\. Give its painting"):
        style_loss(tiny(torch.float32), [Area([(1.0, known_by(None))])], photo)


def test_a_style_counts_where_its_plane_is(tiny: Make, photo: Pixels) -> None:
    halves = photo.copy()
    halves[:, 48:] = 0.2
    left = np.repeat(np.array([[1, 0]], np.float32), 48, 1)
    grey = painting_of(np.full((72, 96, 3), 0.2, np.float32))
    own = painting_of(photo)
    encoder = tiny(torch.float32)
    here = [Area([(1.0, own)], left), Area([(1.0, grey)], 1 - left)]
    there = [Area([(1.0, own)], 1 - left), Area([(1.0, grey)], left)]
    look: dict[str, Any] = {"levels": 1, "criterion": "gram"}
    assert style_loss(encoder, here, halves, **look) < 0.1 * style_loss(
        encoder, there, halves, **look
    )


def test_fine_styles_count_on_fine_levels_alone(tiny: Make, photo: Pixels) -> None:
    encoder, other = tiny(torch.float64), painting_of(photo[:, ::-1] ** 2)
    own = [(1.0, painting_of(photo))]
    broad = style_loss(encoder, [Area(own)], photo)
    everywhere = style_loss(encoder, [Area([(1.0, other)])], photo)
    mixed = [
        style_loss(encoder, [Area(own, fine=[(1.0, other)])], photo, side)
        for side in (97.0, 96.0, 48.0, 24.0)
    ]
    assert mixed[0] == pytest.approx(broad) and mixed[-1] == pytest.approx(everywhere)
    assert mixed == sorted(mixed)


def test_nothing_left_to_paint_is_explained(photo: Pixels) -> None:
    whole_photo = [Region(Mask(np.ones((1, 1), np.float32)), None)]
    with pytest.raises(UsageError, match="all of the picture stays photo"):
        areas_of(open_picture(photo), painting_of(photo), whole_photo)
