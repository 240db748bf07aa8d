"""Johnson's image transformation network, with the styles it knows as rows of scales and shifts.

Nine by nine, two steps down, five residual blocks, two steps up, nine by nine (Johnson et al.
2016), with conditional instance normalization (Dumoulin et al. 2017): every style is one scale and
one shift for each normalised channel, all other weights are shared. One style is a network of one
row. A style vector says how much of each row to take, so mixing is arithmetic on vectors.

Unlike in the papers the pictures grow by bilinear interpolation before a convolution, not by
strided ones, which leave a checkerboard; a fixed blur before that takes away the lattice, eight
pixels wide, that the blocks weave into every texture else; borders are repeated, not reflected, so
that pictures of any size will do; and no normalisation follows the last convolution.
"""

from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from impasto.networks.blocks import Blur, doubled
from impasto.networks.renormalize import renormalized
from impasto.networks.sites import Blended, Given, Site, apply, flat, to_moments


@dataclass(frozen=True)
class TransformShape:
    """The numbers that define a network's size."""

    width: float = 0.5  # of Johnson's 32, 64 and 128 channels
    blocks: int = 5
    styles: int = 1

    @property
    def widths(self) -> tuple[int, int, int]:
        """Channels at full, half and quarter resolution; multiples of 4, which engines like."""
        full, half, quarter = (max(4, round(n * self.width / 4) * 4) for n in (32, 64, 128))
        return full, half, quarter


class TransformNetwork(nn.Module):
    """Paint content pictures (B 3 H W, RGB in [0, 1], H and W multiples of 4) by style vectors.

    A vector has one number for each style that the network knows: (1, 0, 0) is the first of three.
    """

    multiple = 4

    def __init__(self, shape: TransformShape | None = None) -> None:
        super().__init__()
        self.shape = shape = shape or TransformShape()
        self.vector_size = shape.styles
        full, half, quarter = shape.widths
        blocks = range(shape.blocks)
        # No convolution before a site has a bias: the site's own shift takes its place.
        self.enter = _conv(3, full, 9)
        self.down = nn.ModuleList([_conv(full, half, 3, 2), _conv(half, quarter, 3, 2)])
        self.first = nn.ModuleList(_conv(quarter, quarter) for _ in blocks)
        self.second = nn.ModuleList(_conv(quarter, quarter) for _ in blocks)
        self.blur = nn.ModuleList([Blur(quarter, "replicate"), Blur(half, "replicate")])
        self.up = nn.ModuleList([_conv(quarter, half), _conv(half, full)])
        self.leave = nn.Conv2d(full, 3, 9, padding=4, padding_mode="replicate")
        residual = [(f"{place}{i}", quarter) for i in blocks for place in ("first", "second")]
        self.sites = [
            ("enter", full),
            ("down0", half),
            ("down1", quarter),
            *residual,
            ("up0", half),
            ("up1", full),
        ]
        self.strides = {"enter": 1, "down0": 2, "up0": 2, "up1": 1}
        self.strides |= {name: 4 for name, _ in self.sites if name not in self.strides}
        count = sum(width for _, width in self.sites)
        self.scale = nn.Parameter(torch.ones(shape.styles, count))
        self.shift = nn.Parameter(torch.zeros(shape.styles, count))

    def config(self) -> dict[str, float]:
        """Return the numbers to build this network again."""
        return asdict(self.shape)

    def measure(self, content: Tensor, vector: Tensor) -> Tensor:
        """Return the statistics (B, N): every scale and shift that painting this content needs."""
        sites = Measured(self, vector)
        self._run(content, sites)
        return flat(sites.affine, self.sites)

    def paint(self, window: Tensor, statistics: Tensor) -> Tensor:
        """Paint a window (B 3 H W) with statistics from `measure`; purely local."""
        return self._run(window, Given(self.sites, statistics))

    def paint_regions(self, window: Tensor, statistics: Tensor, masks: Tensor) -> Tensor:
        """Paint a window (1 3 H W) with statistics (R, N), one for each region, blended by masks.

        The masks (1 R H W, in [0, 1], 1 in sum at each pixel) are averaged over what a feature
        sees, and mix scales and shifts there.
        """
        return self._run(window, Blended(self.sites, self.strides, statistics, masks))

    def forward(self, content: Tensor, vector: Tensor) -> Tensor:
        """Measure and paint in one pass: equals ``paint(content, measure(content, vector))``."""
        return self._run(content, Normalized(self, vector))

    def _run(self, picture: Tensor, site: Site) -> Tensor:
        x = F.relu(site("enter", self.enter(picture - 0.5)))
        for i, down in enumerate(self.down):
            x = F.relu(site(f"down{i}", down(x)))
        for i, (first, second) in enumerate(zip(self.first, self.second, strict=True)):
            y = F.relu(site(f"first{i}", first(x)))
            x = x + site(f"second{i}", second(y))
        for i, (blur, up) in enumerate(zip(self.blur, self.up, strict=True)):
            x = F.relu(site(f"up{i}", up(doubled(blur(x)))))
        painted: Tensor = self.leave(x)
        return painted + 0.5


class Normalized:
    """Sites that normalise what arrives, then take the scale and shift of a style vector (B, S)."""

    def __init__(self, network: TransformNetwork, vector: Tensor) -> None:
        widths = [width for _, width in network.sites]
        names = [name for name, _ in network.sites]
        scales, shifts = (
            torch.split(vector.to(rows.dtype) @ rows, widths, 1)
            for rows in (network.scale, network.shift)
        )
        self.rows = dict(zip(names, zip(scales, shifts, strict=True), strict=True))

    def __call__(self, name: str, x: Tensor) -> Tensor:
        scale, shift = self.rows[name]
        return renormalized(x, shift, scale)


class Measured(Normalized):
    """The same, and what was done at each site is kept."""

    def __init__(self, network: TransformNetwork, vector: Tensor) -> None:
        super().__init__(network, vector)
        self.affine: dict[str, tuple[Tensor, Tensor]] = {}

    def __call__(self, name: str, x: Tensor) -> Tensor:
        scale, shift = self.rows[name]
        self.affine[name] = to_moments(x, shift, scale)
        return apply(x, *self.affine[name])


def _conv(inputs: int, outputs: int, size: int = 3, stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False, padding_mode="replicate")
