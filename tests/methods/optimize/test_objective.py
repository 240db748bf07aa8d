"""The objective's gradient is exact: in blocks, with masks, by finite differences."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
from torch import Tensor

from impasto.features.encoder import Encoder
from impasto.images.source import open_picture
from impasto.methods.optimize.objective import Evaluation, Objective, out_of_memory
from impasto.methods.optimize.probes import Term
from impasto.methods.optimize.seen import to_tensor
from impasto.methods.optimize.targets import Area, Look, Targets
from impasto.provenance.cards import StyleCard
from impasto.styles.style import Style

Pixels = npt.NDArray[np.float32]
Make = Callable[[torch.dtype], Encoder]

STATISTICS = ["gram", "moments", "covariance", "mixed", "w2", "gatys"]
CRITERIA = [*STATISTICS, "sliced", "nearest"]
CONTENTS = ["normalized", "features", "plain", "self-similarity"]
WEIGHTS: dict[Term, float] = {"style": 1.0, "content": 0.5, "variation": 0.3}
LAYERS = {"relu1_1": 0.4, "relu2_1": 0.2, "relu3_4": 0.4}
HEIGHT, WIDTH = 45, 61  # multiples of no stride


def style_of(pixels: Pixels, name: str = "one") -> Style:
    return Style.of_painting(open_picture(pixels), StyleCard(name))


@pytest.fixture(scope="module")
def content(photo: Pixels) -> Tensor:
    return to_tensor(photo[:HEIGHT, :WIDTH])


@pytest.fixture(scope="module")
def styles(photo: Pixels) -> list[Style]:
    """Two paintings of other shapes than the photo."""
    other = np.random.default_rng(0).random((56, 40, 3), np.float32)
    return [style_of(photo[::-1, 20:, ::-1].copy()), style_of(other, "two")]


@pytest.fixture(scope="module")
def picture() -> Tensor:
    random = torch.Generator().manual_seed(5)
    return torch.rand(1, 3, HEIGHT, WIDTH, generator=random)


def objective(
    encoder: Encoder, photo: Tensor, areas: Sequence[Area], block: int, **look: Any
) -> Objective:
    known = {"style_layers": LAYERS, "content_layers": {"relu3_4": 1.0}, "levels": 3, **look}
    targets = Targets(
        encoder,
        Look(**known),
        areas,
        generator=torch.Generator().manual_seed(0),
        block=block,
        device=torch.device("cpu"),
    )
    return Objective(targets.levels(photo), block=block)


def two_areas(styles: Sequence[Style]) -> list[Area]:
    """Both styles, one of them alone towards the right, mixed towards the left."""
    ramp = np.linspace(0, 1, 30, dtype=np.float32)[None].repeat(20, 0)
    one, two = styles
    return [Area([(0.3, one), (0.7, two)], 1 - ramp), Area([(1.0, two)], ramp)]


def difference(one: Evaluation, other: Evaluation) -> float:
    return float((one.gradient - other.gradient).norm() / other.gradient.norm())


@pytest.mark.parametrize("criterion", CRITERIA)
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize(
    ("dtype", "within"), [(torch.float32, 1e-4), (torch.float64, 1e-9)], ids=["f32", "f64"]
)
def test_the_gradient_of_blocks_is_that_of_the_whole(
    tiny: Make,
    content: Tensor,
    picture: Tensor,
    styles: list[Style],
    criterion: str,
    masked: bool,
    dtype: torch.dtype,
    within: float,
) -> None:
    areas = two_areas(styles) if masked else [Area([(1.0, styles[0])])]
    encoder = tiny(dtype)
    whole, parts = (
        objective(encoder, content, areas, block, criterion=criterion).evaluate(
            picture.to(dtype), WEIGHTS
        )
        for block in (1024, 16)
    )
    assert difference(parts, whole) < within
    assert parts.loss == pytest.approx(whole.loss, rel=within)


@pytest.mark.parametrize("kind", CONTENTS)
def test_the_gradient_of_contents_is_that_of_the_whole(
    tiny: Make, content: Tensor, picture: Tensor, styles: list[Style], kind: str
) -> None:
    areas = [Area([(1.0, styles[0])])]
    look = {"criterion": "gram", "content": kind, "squared_variation": True}
    # Cosine distances of much the same features cancel: float32 has few of their digits.
    rough = 2e-3 if kind == "self-similarity" else 1e-4
    for dtype, within in ((torch.float32, rough), (torch.float64, 1e-9)):
        whole, parts = (
            objective(tiny(dtype), content, areas, block, **look).evaluate(
                picture.to(dtype), {"style": 0.0, "content": 1.0, "variation": 0.0}
            )
            for block in (1024, 24)
        )
        assert difference(parts, whole) < within


@pytest.mark.parametrize("shape", [(1, 50), (50, 1), (3, 3)])
def test_the_narrowest_pictures_have_an_exact_gradient_too(
    tiny: Make, content: Tensor, styles: list[Style], shape: tuple[int, int]
) -> None:
    narrow, areas = content[..., : shape[0], : shape[1]], [Area([(1.0, styles[0])])]
    encoder = tiny(torch.float64)
    picture = narrow.double() * 0.9
    whole, parts = (
        objective(encoder, narrow, areas, block, criterion="covariance").evaluate(picture, WEIGHTS)
        for block in (1024, 4)
    )
    assert difference(parts, whole) < 1e-9


@pytest.mark.parametrize(
    ("criterion", "kind"),
    [*((criterion, "normalized") for criterion in CRITERIA), *(("gram", c) for c in CONTENTS[1:])],
)
def test_the_gradient_is_that_of_finite_differences(
    tiny: Make, content: Tensor, picture: Tensor, styles: list[Style], criterion: str, kind: str
) -> None:
    look = {"criterion": criterion, "content": kind, "samples": 300}
    seen = objective(tiny(torch.float64), content, two_areas(styles), 32, **look)
    here, step = picture.double(), 1e-6
    random = torch.Generator().manual_seed(3)
    direction = torch.randn(here.shape, generator=random, dtype=torch.float64)
    slope = float((seen.evaluate(here, WEIGHTS).gradient * direction).sum())
    ahead, behind = (seen.evaluate(here + s * direction, WEIGHTS).loss for s in (step, -step))
    # absolute differences have kinks, and self-similarity has a million of them
    within = 1e-3 if kind == "self-similarity" else 1e-4
    assert slope == pytest.approx((ahead - behind) / (2 * step), rel=within)


@pytest.mark.parametrize("criterion", STATISTICS)
def test_a_mask_of_ones_is_none(
    tiny: Make, content: Tensor, picture: Tensor, styles: list[Style], criterion: str
) -> None:
    pairs = [(1.0, styles[0])]
    ones = np.ones((9, 7), np.float32)
    plain, masked = (
        objective(tiny(torch.float64), content, [area], 1024, criterion=criterion).evaluate(
            picture.double(), WEIGHTS
        )
        for area in (Area(pairs), Area(pairs, ones))
    )
    assert difference(masked, plain) < 1e-5  # a stretched plane is of float32
    assert masked.loss == pytest.approx(plain.loss, rel=1e-5)


@pytest.mark.parametrize("criterion", STATISTICS)
def test_a_style_mixed_with_itself_is_itself(
    tiny: Make, content: Tensor, picture: Tensor, styles: list[Style], criterion: str
) -> None:
    one = styles[0]
    encoder = tiny(torch.float64)
    alone, mixed = (
        objective(encoder, content, [Area(pairs)], 1024, criterion=criterion).evaluate(
            picture.double(), WEIGHTS
        )
        for pairs in ([(1.0, one)], [(0.3, one), (0.7, one)])
    )
    assert difference(mixed, alone) < 1e-9


def test_a_style_without_a_place_counts_nothing(
    tiny: Make, content: Tensor, picture: Tensor, styles: list[Style]
) -> None:
    one, two = styles
    there, nowhere = np.ones((9, 7), np.float32), np.zeros((9, 7), np.float32)
    for criterion in CRITERIA:
        look = {"criterion": criterion, "content_layers": {}}
        areas = [Area([(1.0, one)], there), Area([(1.0, two)], nowhere)]
        both, alone = (
            objective(tiny(torch.float64), content, some, 1024, **look).evaluate(
                picture.double(), WEIGHTS
            )
            for some in (areas, areas[:1])
        )
        assert both.gradient.isfinite().all()
        if criterion in STATISTICS:
            assert difference(both, alone) < 1e-9


@pytest.mark.parametrize("block", [1024, 24])
@pytest.mark.parametrize("kind", CONTENTS)
def test_the_content_is_no_way_from_itself(
    tiny: Make, content: Tensor, picture: Tensor, styles: list[Style], kind: str, block: int
) -> None:
    look = {"style_layers": {**LAYERS, "relu5_1": 1.0}, "criterion": "gram", "content": kind}
    areas = [Area([(1.0, styles[0])])]
    seen = objective(tiny(torch.float32), content, areas, block, **look)
    own, other = (seen.evaluate(x, WEIGHTS).terms["content"] for x in (content, picture))
    assert own < 1e-3 * other  # of 11 bits, as which the content is kept


@pytest.mark.parametrize("criterion", CRITERIA)
def test_the_style_is_no_way_from_itself(
    tiny: Make, photo: Pixels, picture: Tensor, criterion: str
) -> None:
    own = np.ascontiguousarray(np.rint(photo[:HEIGHT, :WIDTH] * 255) / 255).astype(np.float32)
    look = {"style_layers": {**LAYERS, "relu5_1": 1.0}, "criterion": criterion}
    encoder = tiny(torch.float64)
    areas = [Area([(1.0, style_of(own))])]
    seen = objective(encoder, to_tensor(own), areas, 1024, **look)
    here, there = (seen.evaluate(x.double(), WEIGHTS) for x in (to_tensor(own), picture))
    assert abs(here.terms["style"]) < 1e-4 * there.terms["style"]


def test_what_is_sampled_stays_until_it_is_drawn_anew(
    tiny: Make, content: Tensor, picture: Tensor, styles: list[Style]
) -> None:
    look = {"criterion": "sliced", "samples": 100}
    seen = objective(tiny(torch.float32), content, [Area([(1.0, styles[0])])], 1024, **look)
    first = seen.evaluate(picture, WEIGHTS).loss
    assert seen.evaluate(picture, WEIGHTS).loss == first
    seen.redraw()
    assert seen.evaluate(picture, WEIGHTS).loss != first


ERRORS = [
    torch.OutOfMemoryError("CUDA out of memory"),
    RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"),
    MemoryError(),
]


@pytest.mark.parametrize("error", ERRORS, ids=["cuda", "cpu", "python"])
def test_where_memory_runs_out_blocks_are_halved(
    tiny: Make, styles: list[Style], error: Exception
) -> None:
    random = torch.Generator().manual_seed(0)
    large, other = torch.rand(2, 1, 3, 150, 140, generator=random)
    encoder: Any = tiny(torch.float32)
    look = {"criterion": "covariance", "style_layers": {"relu3_1": 1.0}, "levels": 1}
    seen = objective(encoder, large, [Area([(1.0, styles[0])])], 512, **look)
    notes: list[str] = []
    seen = Objective(seen.levels, block=512, on_note=notes.append)
    whole = seen.evaluate(other, WEIGHTS)
    assert not notes
    encoder.limit, encoder.error = 160 * 156 - 1, error
    assert difference(seen.evaluate(other, WEIGHTS), whole) < 1e-4
    assert seen.block == 128 and len(notes) == 2
    assert "out of memory" in notes[-1] and "128 pixels" in notes[-1]
    encoder.limit = 100
    with pytest.raises(type(error)):
        seen.evaluate(other, WEIGHTS)


def test_other_errors_pass_through(
    tiny: Make, content: Tensor, picture: Tensor, styles: list[Style]
) -> None:
    encoder: Any = tiny(torch.float32)
    seen = objective(encoder, content, [Area([(1.0, styles[0])])], 1024, criterion="gram")
    encoder.limit, encoder.error = 0, RuntimeError("the shapes do not fit")
    with pytest.raises(RuntimeError, match="the shapes do not fit"):
        seen.evaluate(picture, WEIGHTS)
    assert seen.block == 1024


def test_what_means_that_memory_ran_out() -> None:
    assert all(map(out_of_memory, ERRORS))
    assert not out_of_memory(RuntimeError("the shapes do not fit"))
