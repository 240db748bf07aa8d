"""The painter network: measuring apart from painting, locality, borders."""

import torch
from torch import Tensor

from impasto.networks.painter import Painter, PainterShape

SMALL = PainterShape(half=4, quarter=8, eighth=8, coarse_blocks=2, fine_blocks=2, hidden=8)
HALO = 104


def painter() -> Painter:
    torch.manual_seed(0)
    network = Painter(SMALL)
    for parameter in network.parameters():  # blocks start near zero: make every path count
        torch.nn.init.normal_(parameter, std=0.2)
    return network.eval().double()


def picture(height: int, width: int, seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(1, 3, height, width, dtype=torch.float64, generator=generator)


def test_forward_is_measure_then_paint() -> None:
    network, content, style = painter(), picture(48, 64), picture(40, 40, 1)
    vector = network.encode(style)
    apart = network.paint(content, network.measure(content, vector))
    torch.testing.assert_close(network(content, vector), apart)


def test_a_flat_content_is_not_blown_up_beyond_what_half_precision_resolves() -> None:
    network, vector = painter(), painter().encode(picture(40, 40, 1))
    bias = network.content.eighth.second.bias
    assert bias is not None
    torch.nn.init.constant_(bias, 1000)  # far from 0: what bf16 rounds is large
    flat = torch.full((1, 3, 48, 64), 0.6, dtype=torch.float64) + 1e-3 * picture(48, 64)
    scale = network.measure(flat, vector)[:, : SMALL.eighth]
    wanted = vector[:, -SMALL.eighth :]
    mean = network.content(flat)[2].mean((2, 3)).abs()
    assert (scale * mean <= 101 * wanted).all()  # 1 % of the mean gets the style's contrast at most


def test_a_batch_is_its_pictures() -> None:
    network = painter()
    contents, styles = torch.cat([picture(32, 32), picture(32, 32, 1)]), picture(24, 24, 2)
    vectors = network.encode(torch.cat([styles, 1 - styles]))
    whole = network(contents, vectors)
    for i in range(2):
        torch.testing.assert_close(
            whole[i : i + 1], network(contents[i : i + 1], vectors[i : i + 1])
        )


def test_a_pixel_depends_on_nothing_beyond_the_halo() -> None:
    network, content = painter(), picture(16, 304)
    statistics = network.measure(content, network.encode(picture(32, 32, 1)))
    changed = content.clone()
    changed[..., 200:] = picture(16, 104, 2)
    before, after = network.paint(content, statistics), network.paint(changed, statistics)
    torch.testing.assert_close(before[..., : 200 - HALO], after[..., : 200 - HALO])
    assert not torch.allclose(before[..., :200], after[..., :200])


def test_a_window_with_its_halo_equals_the_whole() -> None:
    network, content = painter(), picture(16, 304)
    statistics = network.measure(content, network.encode(picture(32, 32, 1)))
    whole = network.paint(content, statistics)
    part = network.paint(content[..., 40:], statistics)
    torch.testing.assert_close(part[..., HALO:], whole[..., 40 + HALO :])


def test_output_has_the_size_of_the_input() -> None:
    network = painter()
    assert network(picture(8, 24), network.encode(picture(8, 8))).shape == (1, 3, 8, 24)


def test_a_flat_picture_has_no_border() -> None:
    network = painter()
    flat = torch.full((1, 3, 64, 64), 0.4, dtype=torch.float64)
    out = network(flat, network.encode(picture(32, 32)))
    torch.testing.assert_close(out[..., :8, :8], out[..., 24:32, 24:32])
    torch.testing.assert_close(out[..., -8:, -8:], out[..., 24:32, 24:32])


def test_rebuilt_from_its_numbers_it_takes_its_weights() -> None:
    network = painter()
    other = Painter(PainterShape(**network.config())).double()
    other.load_state_dict(network.state_dict())
    content, vector = picture(16, 16), network.encode(picture(16, 16, 1))
    torch.testing.assert_close(other(content, vector), network(content, vector))


def halves(height: int, width: int) -> Tensor:
    """Two regions, left and right, with a soft border."""
    right = torch.linspace(-1, 2, width, dtype=torch.float64).clip(0, 1).expand(height, width)
    return torch.stack([1 - right, right])[None]


def test_a_region_of_ones_is_no_region() -> None:
    network, content = painter(), picture(48, 64)
    statistics = network.measure(content, network.encode(picture(32, 32, 1)))
    ones = torch.ones(1, 1, 48, 64, dtype=torch.float64)
    torch.testing.assert_close(
        network.paint_regions(content, statistics, ones), network.paint(content, statistics)
    )


def test_two_regions_of_one_style_are_none() -> None:
    network, content = painter(), picture(48, 64)
    statistics = network.measure(content, network.encode(picture(32, 32, 1)))
    both = network.paint_regions(content, statistics.expand(2, -1), halves(48, 64))
    torch.testing.assert_close(both, network.paint(content, statistics))


def test_far_from_the_border_a_region_is_its_style_alone() -> None:
    network, content = painter(), picture(16, 640)
    styles = [network.encode(picture(32, 32, seed)) for seed in (1, 2)]
    statistics = torch.cat([network.measure(content, style) for style in styles])
    blended = network.paint_regions(content, statistics, halves(16, 640))
    for part, mine in ((slice(0, 100), 0), (slice(-100, None), 1)):
        alone = network.paint(content, statistics[mine : mine + 1])
        torch.testing.assert_close(blended[..., part], alone[..., part])
