"""The painter: any picture in any style, given as a vector of feature moments.

Two encoders of one shape, without normalisation layers, look at the content and at the style at
half, quarter and eighth resolution. The style vector holds the mean and standard deviation of every
style channel. The decoder re-normalises content features to those moments (AdaIN, Huang and
Belongie 2017, at three depths instead of one) and its residual blocks are modulated by a small
multilayer perceptron on the vector (as MicroAST, Wang et al. 2023, does with filters).

Whatever depends on the whole picture is a scale and a shift per channel at a fixed list of sites.
`measure` computes them once, from a thumbnail; `paint` is then purely local, so tiles are exact.
"""

from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from impasto.networks.blocks import Blur, Residual, conv, doubled
from impasto.networks.sites import Blended, Given, Site, apply, flat, moments, to_moments


@dataclass(frozen=True)
class PainterShape:
    """The numbers that define a painter's size."""

    half: int = 24
    quarter: int = 64
    eighth: int = 96
    coarse_blocks: int = 2
    fine_blocks: int = 2
    hidden: int = 128


class Encoder(nn.Module):
    """See a picture at three depths."""

    def __init__(self, shape: PainterShape) -> None:
        super().__init__()
        # Six by six in steps of two sees what three by three on shuffled pixels would.
        self.enter = nn.Conv2d(3, shape.half, 6, 2, 2, padding_mode="replicate")
        self.to_quarter = conv(shape.half, shape.quarter, stride=2)
        self.quarter = Residual(shape.quarter)
        self.to_eighth = conv(shape.quarter, shape.eighth, stride=2)
        self.eighth = Residual(shape.eighth)

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        half = F.relu(self.enter(picture - 0.5))
        quarter = self.quarter(F.relu(self.to_quarter(half)))
        eighth = self.eighth(F.relu(self.to_eighth(quarter)))
        return half, quarter, eighth


class Decoder(nn.Module):
    """Paint from content features; `site` applies the scale and shift of each named place."""

    def __init__(self, shape: PainterShape) -> None:
        super().__init__()
        self.coarse = nn.ModuleList(Residual(shape.eighth) for _ in range(shape.coarse_blocks))
        self.to_quarter = conv(shape.eighth, shape.quarter, 1)
        self.fine = nn.ModuleList(Residual(shape.quarter) for _ in range(shape.fine_blocks))
        self.to_half = conv(shape.quarter, shape.half, 1)
        self.mix = conv(shape.half, shape.half)
        self.leave = conv(shape.half, 12)
        self.blur = Blur()

    def forward(self, quarter: Tensor, eighth: Tensor, site: Site) -> Tensor:
        x = site("eighth", eighth)
        for i, block in enumerate(self.coarse):
            x = _modulated(block, x, f"coarse{i}", site)
        x = doubled(self.to_quarter(x))
        x = site("quarter", x + site("skip", quarter))
        for i, block in enumerate(self.fine):
            x = _modulated(block, x, f"fine{i}", site)
        x = site("half", self.to_half(x))  # before doubling: a quarter of the work
        x = F.relu(self.mix(doubled(x)))
        return self.blur(F.pixel_shuffle(self.leave(x), 2)) + 0.5  # type: ignore[no-any-return]


def _modulated(block: nn.Module, x: Tensor, name: str, site: Site) -> Tensor:
    y: Tensor = block.second(F.relu(site(name, block.first(x))))  # type: ignore[operator]
    return x + y


class Painter(nn.Module):
    """Paint content pictures (B 3 H W, RGB in [0, 1], H and W multiples of 8) by style vectors."""

    multiple = 8

    def __init__(self, shape: PainterShape | None = None) -> None:
        super().__init__()
        self.shape = shape = shape or PainterShape()
        self.style = Encoder(shape)
        self.content = Encoder(shape)
        self.decoder = Decoder(shape)
        widths = (shape.half, shape.quarter, shape.eighth)
        self.vector_size = 2 * sum(widths)
        blocks = [shape.eighth] * shape.coarse_blocks + [shape.quarter] * shape.fine_blocks
        last = nn.Linear(shape.hidden, 2 * sum(blocks))
        nn.init.normal_(last.weight, std=0.01)
        nn.init.zeros_(last.bias)
        first = nn.Linear(self.vector_size, shape.hidden)
        self.modulation = nn.Sequential(first, nn.ReLU(), last)
        coarse = [(f"coarse{i}", shape.eighth) for i in range(shape.coarse_blocks)]
        fine = [(f"fine{i}", shape.quarter) for i in range(shape.fine_blocks)]
        self.modulated = coarse + fine
        self.sites = [
            ("eighth", shape.eighth),
            *coarse,
            ("skip", shape.quarter),
            ("quarter", shape.quarter),
            *fine,
            ("half", shape.half),
        ]
        eighths = {"eighth", *(name for name, _ in coarse)}
        self.strides = {name: 8 if name in eighths else 4 for name, _ in self.sites}

    def config(self) -> dict[str, int]:
        """Return the numbers to build this network again."""
        return asdict(self.shape)

    def encode(self, style: Tensor) -> Tensor:
        """Return the style vectors (B, V) of style pictures (B 3 H W, RGB in [0, 1])."""
        return torch.cat([torch.cat(moments(x), 1) for x in self.style(style)], 1)

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
        sees, and mix scales and shifts there (as Ghiasi et al. 2017 mix styles over space). The
        statistics are those of the whole picture in each style, so regions of one style are none.
        """
        return self._run(window, Blended(self.sites, self.strides, statistics, masks))

    def forward(self, content: Tensor, vector: Tensor) -> Tensor:
        """Measure and paint in one pass: equals ``paint(content, measure(content, vector))``."""
        return self._run(content, Measured(self, vector))

    def _run(self, picture: Tensor, site: Site) -> Tensor:
        _, quarter, eighth = self.content(picture)
        painted: Tensor = self.decoder(quarter, eighth, site)
        return painted


class Measured:
    """Sites whose scale and shift come from the features that arrive and from the style vector."""

    def __init__(self, painter: Painter, vector: Tensor) -> None:
        self.painter = painter
        self.affine: dict[str, tuple[Tensor, Tensor]] = {}
        shape = painter.shape
        widths = [w for w in (shape.half, shape.quarter, shape.eighth) for _ in range(2)]
        vector = vector.to(torch.promote_types(vector.dtype, torch.float32))
        parts = torch.split(vector, widths, 1)
        half, quarter, eighth = parts[0:2], parts[2:4], parts[4:6]
        self.targets = {"eighth": eighth, "skip": quarter, "quarter": quarter, "half": half}
        modulation = (
            painter.modulation(vector)
            .to(vector.dtype)
            .split([w for _, w in painter.modulated for _ in range(2)], 1)
        )
        for i, (name, _) in enumerate(painter.modulated):
            self.affine[name] = 1 + modulation[2 * i], modulation[2 * i + 1]

    def __call__(self, name: str, x: Tensor) -> Tensor:
        if name in self.targets:
            self.affine[name] = to_moments(x, *self.targets[name])
        return apply(x, *self.affine[name])
