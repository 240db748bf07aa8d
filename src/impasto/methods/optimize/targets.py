"""What to aim at for a canvas size: the styles' statistics and the content's features, by level."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor

from impasto.errors import UsageError
from impasto.features.encoder import Encoder
from impasto.features.statistics import Moments
from impasto.images.source import Source
from impasto.images.window import whole
from impasto.losses.criteria import FEATURES, blend_moments, style_loss
from impasto.methods.base import Region
from impasto.methods.optimize.content_probes import FeatureProbe, LikenessProbe, SimilarityProbe
from impasto.methods.optimize.objective import Level
from impasto.methods.optimize.probes import (
    Guide,
    MomentsProbe,
    Places,
    Probe,
    SampledProbe,
    VariationProbe,
)
from impasto.methods.optimize.pyramid import halved, pyramid
from impasto.methods.optimize.seen import (
    ContentFeatures,
    features_of,
    moments_in_blocks,
    painted_levels,
)
from impasto.methods.regions import shares
from impasto.settings.presets import ContentLoss
from impasto.styles.style import Style

GUIDE = 1024  # long side that masks are held at
LONGER = 1.15  # long side of a painting of common shape against the root of its area
POSITIONS = 1024  # features compared with each other by self-similarity

StyleLevel = Tensor | Mapping[str, npt.NDArray[np.float32]]  # a painting, or statistics by layer
StyleLevels = Sequence[StyleLevel]


@dataclass(frozen=True)
class Look:
    """What is compared with what."""

    criterion: str = "covariance"
    style_layers: Mapping[str, float] = field(default_factory=dict)
    content_layers: Mapping[str, float] = field(default_factory=dict)
    content: ContentLoss = "normalized"
    levels: int = 4
    content_levels: int = 2  # the finest of them
    squared_variation: bool = False
    samples: int = 4096  # places of sampled criteria
    strokes: float = 1.0  # size of the style against the picture's

    @property
    def diagonal(self) -> bool:
        """Whether second moments of single channels suffice."""
        return self.criterion == "moments"

    @property
    def precise(self) -> bool:
        """Whether covariances must not turn indefinite by rounding."""
        return self.criterion == "w2"


@dataclass(frozen=True)
class Area:
    """A part of the picture and the styles it is painted in, with weights that sum to 1."""

    styles: Sequence[tuple[float, Style]]
    plane: npt.NDArray[np.float32] | None = None  # H W of any size: its share of each place
    fine: Sequence[tuple[float, Style]] = ()  # of the finest levels, if other ones (Gatys 2017)


def areas_of(
    source: Source,
    style: Style,
    regions: Sequence[Region],
    fine: Sequence[tuple[float, Style]] = (),
) -> list[Area]:
    """Return the styles and where each counts; where a region stays photo none does.

    `fine` are those whose brushwork the ground has instead of its style's.
    """
    if not regions:
        return [Area(style.each, fine=fine)]
    small = source.thumbnail(GUIDE)
    height, width = small.shape[:2]
    planes = shares(regions, whole(height, width), height, width)
    styles = [style, *(region.style for region in regions)]
    pairs = zip(styles, planes, strict=True)
    areas = [
        Area(one.each, plane, fine if one is style else ())
        for one, plane in pairs
        if one is not None and plane.any()
    ]
    if not areas:
        raise UsageError("Nothing is left to paint: all of the picture stays photo.")
    return areas


class Targets:
    """Builds the levels of the objective for a canvas of a size.

    Args:
        fine_from: long side of levels from which on an area's fine styles count.
    """

    def __init__(
        self,
        encoder: Encoder,
        look: Look,
        areas: Sequence[Area],
        *,
        generator: torch.Generator,
        block: int,
        device: torch.device,
        fine_from: float = 0.0,
    ) -> None:
        self.encoder, self.look, self.areas = encoder, look, areas
        self.generator, self.block, self.device = generator, block, device
        layers = (*look.style_layers, *look.content_layers)
        self.fine_from = fine_from
        self.multiple = max([1, *(encoder.stride(layer) for layer in layers)])

    def levels(self, content: Tensor) -> list[Level]:
        """Return the levels for a canvas like `content`, 1 3 H W on the device."""
        pictures = pyramid(content, self.look.levels)
        size = (content.shape[2], content.shape[3])
        broad = [self._styles(area.styles, size) for area in self.areas]
        finer = [self._styles(area.fine or area.styles, size) for area in self.areas]
        planes: list[Tensor | None] = [_stretched(a.plane, size, self.device) for a in self.areas]
        levels = []
        for number, picture in enumerate(pictures):
            here = (picture.shape[2], picture.shape[3])
            styles = finer if max(here) >= self.fine_from else broad
            probes: list[Probe] = [
                self._style_probe(layer, weight / self.look.levels, here, number, styles, planes)
                for layer, weight in self.look.style_layers.items()
            ]
            if number < self.look.content_levels:
                probes += self._content_probes(picture)
            if number == 0:
                probes.append(VariationProbe(1.0, here, self.look.squared_variation))
            levels.append(Level(here, self.encoder, probes))
            planes = [None if plane is None else halved(plane) for plane in planes]
        return levels

    def _styles(
        self, styles: Sequence[tuple[float, Style]], size: tuple[int, int]
    ) -> list[tuple[float, StyleLevels]]:
        return [(w, self._style_levels(style, size)) for w, style in styles]

    def _style_levels(self, style: Style, size: tuple[int, int]) -> StyleLevels:
        look = self.look
        if style.painting is not None:
            return painted_levels(style.painting, size, look.levels, look.strokes, self.device)
        if style.moments is None:
            raise UsageError(
                f'The style "{style.name}" holds no moments. Give its painting: --style PICTURE'
            )
        if not look.diagonal:
            raise UsageError(
                f'The criterion {look.criterion} needs the painting of the style "{style.name}", '
                "and only its moments are at hand. Give a picture, or: --criterion moments"
            )
        if style.moments.encoder_id != self.encoder.id:
            raise UsageError(
                f'The moments of the style "{style.name}" were seen by another encoder than '
                f"{self.encoder.name}. Give a picture, or: --encoder embedded"
            )
        side = look.strokes * float(np.sqrt(size[0] * size[1])) * LONGER
        return [style.moments.at(max(1, round(side / 2**k))) for k in range(look.levels)]

    def _style_probe(
        self,
        layer: str,
        weight: float,
        size: tuple[int, int],
        number: int,
        styles: Sequence[Sequence[tuple[float, StyleLevels]]],
        planes: Sequence[Tensor | None],
    ) -> Probe:
        stride, look = self.encoder.stride(layer), self.look
        extent = (-(-size[0] // stride), -(-size[1] // stride))
        guides = [_guide(plane, extent) for plane in planes]
        seen = [[(w, levels[number]) for w, levels in parts] for parts in styles]
        if look.criterion in FEATURES:
            return self._sampled(layer, weight, extent, guides, seen)
        losses = []
        for parts in seen:
            target = blend_moments([(w, self._moments(one, layer)) for w, one in parts])
            losses.append(style_loss(look.criterion, target))
        return MomentsProbe(layer, stride, weight, losses, guides, look.diagonal, look.precise)

    def _moments(self, seen: StyleLevel, layer: str) -> Moments:
        if isinstance(seen, Tensor):
            return moments_in_blocks(
                self.encoder,
                seen,
                layer,
                side=self.block,
                multiple=self.multiple,
                diagonal=self.look.diagonal,
                precise=self.look.precise,
            )
        mean, deviation = (torch.from_numpy(row)[None].to(self.device) for row in seen[layer])
        return Moments(mean, deviation.square())

    def _sampled(
        self,
        layer: str,
        weight: float,
        extent: tuple[int, int],
        guides: Sequence[Guide],
        seen: Sequence[Sequence[tuple[float, StyleLevel]]],
    ) -> Probe:
        look, generator = self.look, self.generator
        count = min(look.samples, extent[0] * extent[1])
        targets = [
            torch.cat(
                [self._samples(one, layer, max(1, round(w * look.samples))) for w, one in part]
            )
            for part in seen
        ]
        places = [Places(extent, count, generator, guide.plane) for guide in guides]
        shares = [guide.share for guide in guides]
        stride = self.encoder.stride(layer)
        return SampledProbe(
            layer, stride, weight, look.criterion, targets, places, shares, generator
        )

    def _samples(self, seen: StyleLevel, layer: str, count: int) -> Tensor:
        if not isinstance(seen, Tensor):
            raise UsageError(
                f"The criterion {self.look.criterion} needs a painting. Give a picture."
            )
        found = features_of(self.encoder, seen, layer, self.multiple)
        places = Places((found.shape[2], found.shape[3]), count, self.generator)
        return places.gathered(found, (0, 0))

    def _content_probes(self, picture: Tensor) -> list[Probe]:
        look, probes = self.look, list[Probe]()
        for layer, share in look.content_layers.items():
            stride, weight = self.encoder.stride(layer), share / look.content_levels
            wanted = ContentFeatures(
                self.encoder, picture, layer, side=self.block, multiple=self.multiple
            )
            if look.content == "normalized":
                probes.append(LikenessProbe(layer, stride, weight, wanted))
            elif look.content == "self-similarity":
                found = features_of(self.encoder, picture, layer, self.multiple)
                places = Places((found.shape[2], found.shape[3]), POSITIONS, self.generator)
                probes.append(
                    SimilarityProbe(layer, stride, weight, places.gathered(found, (0, 0)), places)
                )
            else:
                plain = look.content == "plain"
                probes.append(FeatureProbe(layer, stride, weight, wanted, plain))
        return probes


def _stretched(
    plane: npt.NDArray[np.float32] | None, size: tuple[int, int], device: torch.device
) -> Tensor | None:
    if plane is None:
        return None
    tensor = torch.from_numpy(np.ascontiguousarray(plane))[None, None].to(device)
    return F.interpolate(tensor, size, mode="bilinear", antialias=True, align_corners=False)


def _guide(plane: Tensor | None, extent: tuple[int, int]) -> Guide:
    if plane is None:
        return Guide(None, 1.0)
    stretched = F.interpolate(plane, extent, mode="area")[0]
    return Guide(stretched, float(stretched.mean()))
