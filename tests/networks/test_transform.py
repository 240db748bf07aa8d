"""Johnson's network with conditional instance normalization: measuring, locality, rows."""

import pytest
import torch
from torch import Tensor

from impasto.networks.blocks import doubled
from impasto.networks.transform import TransformNetwork, TransformShape

SMALL = TransformShape(width=0.125, blocks=2, styles=3)
HALO = 44  # 4 + 1 + 2 on the way down, 8 a block, and on the way up with its blurs, in fours


def network(shape: TransformShape = SMALL) -> TransformNetwork:
    torch.manual_seed(0)
    made = TransformNetwork(shape)
    torch.nn.init.normal_(made.scale, 1, 0.3)
    torch.nn.init.normal_(made.shift, 0, 0.3)
    return made.eval().double()


def picture(height: int, width: int, seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(1, 3, height, width, dtype=torch.float64, generator=generator)


def row(style: int) -> Tensor:
    return torch.eye(SMALL.styles, dtype=torch.float64)[style : style + 1]


def test_forward_is_measure_then_paint() -> None:
    made, content = network(), picture(36, 44)
    apart = made.paint(content, made.measure(content, row(1)))
    torch.testing.assert_close(made(content, row(1)), apart)


def test_a_batch_is_its_pictures() -> None:
    made = network()
    contents, vectors = (
        torch.cat([picture(24, 24), picture(24, 24, 1)]),
        torch.cat([row(0), row(2)]),
    )
    whole = made(contents, vectors)
    for i in range(2):
        alone = made(contents[i : i + 1], vectors[i : i + 1])
        torch.testing.assert_close(whole[i : i + 1], alone)


def test_a_pixel_depends_on_nothing_beyond_the_halo() -> None:
    made, content = network(), picture(16, 160)
    statistics = made.measure(content, row(0))
    changed = content.clone()
    changed[..., 100:] = picture(16, 60, 2)
    before, after = made.paint(content, statistics), made.paint(changed, statistics)
    assert torch.equal(before[..., : 100 - HALO], after[..., : 100 - HALO])
    assert not torch.equal(before[..., :100], after[..., :100])


def test_every_style_is_a_row_that_leaves_the_others_alone() -> None:
    made, content = network(), picture(24, 24)
    before = [made(content, row(k)) for k in range(3)]
    with torch.no_grad():
        made.scale[1] += 1
    after = [made(content, row(k)) for k in range(3)]
    assert [torch.equal(a, b) for a, b in zip(before, after, strict=True)] == [True, False, True]


def test_a_mixture_of_a_style_with_itself_is_that_style() -> None:
    made, content = network(), picture(24, 24)
    with torch.no_grad():
        for rows in (made.scale, made.shift):
            rows[2] = rows[0]
    torch.testing.assert_close(made(content, (row(0) + row(2)) / 2), made(content, row(0)))


def test_regions_of_one_style_are_none() -> None:
    made, content = network(), picture(32, 32)
    statistics = made.measure(content, row(1))
    mask = picture(32, 32, 3)[:, :1]
    masks = torch.cat([mask, 1 - mask], 1)
    regions = made.paint_regions(content, statistics.expand(2, -1), masks)
    torch.testing.assert_close(regions, made.paint(content, statistics))


def test_the_finest_lattice_of_the_blocks_is_not_painted() -> None:
    made, seen = network(), []
    made.up[0].register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    lattice = (-1.0) ** torch.arange(8, dtype=torch.float64)
    rows = lattice[:, None] * torch.ones(8, dtype=torch.float64)
    made.up[0](doubled(made.blur[0](rows.expand(1, 16, 8, 8))))
    assert seen[0][..., 3:-3, :].abs().max() < 1e-9


def test_a_flat_window_has_no_edge_at_its_border() -> None:
    made = network()
    statistics = made.measure(picture(32, 32), row(0))
    painted = made.paint(torch.full((1, 3, 32, 32), 0.4, dtype=torch.float64), statistics)
    torch.testing.assert_close(painted, painted[..., 16:17, 16:17].expand_as(painted))


@pytest.mark.parametrize(("width", "widths"), [(1.0, (32, 64, 128)), (0.5, (16, 32, 64))])
def test_width_scales_the_channels_of_the_paper(width: float, widths: tuple[int, ...]) -> None:
    assert TransformShape(width).widths == widths


def test_the_config_builds_it_again() -> None:
    made = network()
    again = TransformNetwork(TransformShape(**made.config()))  # type: ignore[arg-type]
    again.load_state_dict(made.state_dict())
