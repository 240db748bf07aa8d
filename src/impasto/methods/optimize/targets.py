"""What to aim at for a canvas size: the styles' statistics and the content's features, by level."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor

from impasto.errors import UsageError
from impasto.features.encoder import Encoder
from impasto.features.statistics import VARIANCE_FLOOR, Moments, Sums, sums
from impasto.images.source import Source
from impasto.losses.criteria import FEATURES, blend_moments, style_loss
from impasto.methods.optimize.blocks import Block, blocks, margin_for, with_margin
from impasto.methods.optimize.objective import Level
from impasto.methods.optimize.probes import (
    POSITIONS,
    FeatureProbe,
    Guide,
    LikenessProbe,
    MomentsProbe,
    Places,
    Probe,
    SampledProbe,
    SimilarityProbe,
    VariationProbe,
)
from impasto.methods.optimize.pyramid import halved, pyramid
from impasto.styles.style import Style

ContentLoss = Literal["normalized", "features", "plain", "self-similarity"]


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
    def fine(self) -> bool:
        """Whether covariances must not turn indefinite by rounding."""
        return self.criterion == "w2"


@dataclass(frozen=True)
class Area:
    """A part of the picture and the styles it is painted in, with weights that sum to 1."""

    styles: Sequence[tuple[float, Style]]
    plane: npt.NDArray[np.float32] | None = None  # H W of any size: its share of each place


class Targets:
    """Builds the levels of the objective for a canvas of a size."""

    def __init__(
        self,
        encoder: Encoder,
        look: Look,
        areas: Sequence[Area],
        *,
        generator: torch.Generator,
        block: int,
        device: torch.device,
    ) -> None:
        self.encoder, self.look, self.areas = encoder, look, areas
        self.generator, self.block, self.device = generator, block, device
        layers = (*look.style_layers, *look.content_layers)
        self.multiple = max([1, *(encoder.stride(layer) for layer in layers)])

    def levels(self, content: Tensor) -> list[Level]:
        """Return the levels for a canvas like `content`, 1 3 H W on the device."""
        pictures = pyramid(content, self.look.levels)
        size = (content.shape[2], content.shape[3])
        styles = [self._styles(area, size) for area in self.areas]
        planes: list[Tensor | None] = [_stretched(a.plane, size, self.device) for a in self.areas]
        levels = []
        for number, picture in enumerate(pictures):
            here = (picture.shape[2], picture.shape[3])
            probes: list[Probe] = [
                self._style_probe(layer, weight / self.look.levels, here, number, styles, planes)
                for layer, weight in self.look.style_layers.items()
            ]
            if number < self.look.content_levels:
                probes += self._content_probes(picture, here)
            if number == 0:
                probes.append(VariationProbe(1.0, here, self.look.squared_variation))
            levels.append(Level(here, self.encoder, probes))
            planes = [None if plane is None else halved(plane) for plane in planes]
        return levels

    def _styles(self, area: Area, size: tuple[int, int]) -> "list[tuple[float, StyleLevels]]":
        return [(w, self._style_levels(style, size)) for w, style in area.styles]

    def _style_levels(self, style: Style, size: tuple[int, int]) -> "StyleLevels":
        look = self.look
        if style.painting is not None:
            return painted_levels(style.painting, size, look.levels, look.strokes, self.device)
        if style.moments is None or not look.diagonal:
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
        styles: "Sequence[Sequence[tuple[float, StyleLevels]]]",
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
        return MomentsProbe(layer, stride, weight, losses, guides, look.diagonal, look.fine)

    def _moments(
        self, seen: "Tensor | Mapping[str, npt.NDArray[np.float32]]", layer: str
    ) -> Moments:
        if isinstance(seen, Tensor):
            return moments_in_blocks(
                self.encoder,
                seen,
                layer,
                side=self.block,
                multiple=self.multiple,
                look=self.look,
            )
        mean, deviation = (torch.from_numpy(row)[None].to(self.device) for row in seen[layer])
        return Moments(mean, (deviation.square() - VARIANCE_FLOOR).clamp_min(0))

    def _sampled(
        self,
        layer: str,
        weight: float,
        extent: tuple[int, int],
        guides: Sequence[Guide],
        seen: "Sequence[Sequence[tuple[float, StyleLevel]]]",
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

    def _samples(self, seen: "StyleLevel", layer: str, count: int) -> Tensor:
        if not isinstance(seen, Tensor):
            raise UsageError(
                f"The criterion {self.look.criterion} needs a painting. Give a picture."
            )
        found = features_of(self.encoder, seen, layer, self.multiple)
        places = Places((found.shape[2], found.shape[3]), count, self.generator)
        return places.gathered(found, (0, 0))

    def _content_probes(self, picture: Tensor, size: tuple[int, int]) -> list[Probe]:
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
                places = Places(_size(found), POSITIONS, self.generator)
                probes.append(
                    SimilarityProbe(layer, stride, weight, places.gathered(found, (0, 0)), places)
                )
            else:
                plain = look.content == "plain"
                probes.append(FeatureProbe(layer, stride, weight, wanted, plain))
        return probes


StyleLevel = Tensor | Mapping[str, npt.NDArray[np.float32]]
StyleLevels = Sequence[StyleLevel]
LONGER = 1.15  # long side of a painting of common shape against the root of its area


class ContentFeatures:
    """The content's features by block; kept where one block is all, else computed each time."""

    def __init__(
        self, encoder: Encoder, picture: Tensor, layer: str, *, side: int, multiple: int
    ) -> None:
        self.encoder, self.layer = encoder, layer
        self.stride = encoder.stride(layer)
        self.whole: Tensor | None = None
        picture = picture.half()  # 11 bits: more than a file's 8
        if picture.shape[2] * picture.shape[3] <= side * side:
            self.whole = features_of(encoder, picture.float(), layer, multiple)
        else:
            self.padded = with_margin(picture, margin_for(multiple))

    def __call__(self, block: Block) -> Tensor:
        """Return the features that a block owns."""
        if self.whole is not None:
            return block.part(self.whole, self.stride)
        with torch.no_grad():
            seen = self.encoder(block.cut(self.padded).float(), [self.layer])[self.layer]
        return block.owned(seen, self.stride)


def features_of(encoder: Encoder, picture: Tensor, layer: str, multiple: int) -> Tensor:
    """Return all features of a picture (1 3 H W) at a layer, without those of its margin.

    The margin is as wide as the objective's, whose largest stride is `multiple`: features near the
    edge depend on how wide it is.
    """
    (block,) = blocks(*_size(picture), side=max(_size(picture)), reach=0, multiple=multiple)
    with torch.no_grad():
        seen = encoder(with_margin(picture, block.margin), [layer])[layer]
    return block.owned(seen, encoder.stride(layer))


def painted_levels(
    painting: Source,
    size: tuple[int, int],
    levels: int,
    strokes: float,
    device: torch.device,
) -> list[Tensor]:
    """Return a painting for each level of a canvas, 1 3 h w, of the canvas' area times strokes.

    A painting is never enlarged: it would teach blur. Levels finer than it are given the painting
    at its own size, whose finest strokes are then finer than they should be.
    """
    height, width = painting.height, painting.width
    own = max(height, width)
    wanted = own * strokes * float(np.sqrt(size[0] * size[1] / (height * width)))
    finer = 0
    while finer < levels - 1 and wanted / 2**finer > own:
        finer += 1
    first = _tensor(painting, min(own, max(8, round(wanted / 2**finer))), device)
    result = pyramid(first, levels - finer)
    return [_tensor(painting, own, device)] * finer + result


def moments_in_blocks(
    encoder: Encoder, picture: Tensor, layer: str, *, side: int, multiple: int, look: Look
) -> Moments:
    """Return the moments of a picture's features, however large it is; `features_of` has more."""
    stride, total = encoder.stride(layer), None
    padded = with_margin(picture, margin_for(multiple))
    with torch.no_grad():
        for block in blocks(
            *_size(picture), side=side, reach=encoder.reach(layer), multiple=multiple
        ):
            seen = block.owned(encoder(block.cut(padded), [layer])[layer], stride)
            found = sums(seen, diagonal=look.diagonal, fine=look.fine)
            total = (
                found
                if total is None
                else Sums(*(a + b for a, b in zip(total, found, strict=True)))
            )
    assert total is not None  # a picture has a block
    return total.moments()


def _size(x: Tensor) -> tuple[int, int]:
    return x.shape[2], x.shape[3]


def _tensor(source: Source, long_side: int, device: torch.device) -> Tensor:
    return to_tensor(source.thumbnail(long_side)).to(device)


def to_tensor(picture: npt.NDArray[np.float32]) -> Tensor:
    """Return a picture H W 3 as 1 3 H W."""
    return torch.from_numpy(np.ascontiguousarray(picture.transpose(2, 0, 1)[None]))


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
