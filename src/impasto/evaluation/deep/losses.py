"""Style and content loss as an encoder sees them, as training defines them or as papers do."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from impasto.evaluation.similarity import Picture
from impasto.features.encoder import Encoder
from impasto.features.statistics import Moments, sums
from impasto.losses.content import content_loss
from impasto.losses.perceptual import CONTENT_LAYER, STYLE_LAYERS, halved
from impasto.losses.style import moment_loss

# MicroAST's calc_cs_loss: the style at all five of these, the content at the last two.
PAPER_LAYERS = ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1")

Spreads = list[tuple[Tensor, Tensor]]  # means and standard deviations, layer by layer
NAN = float("nan")


class SaneLosses:
    """Losses over the style's own variance, so that styles of much and little contrast count alike.

    Style: squared difference of means and deviations of features over the style's mean variance
    (AdaIN, Huang and Belongie 2017, has the plain one), summed over relu1_1, 2_1, 3_1 and 3_4, at
    full and at half size. Content: squared difference of instance-normalised relu3_4 at half size.
    All are 0 for a perfect match. Pictures are 1 3 H W in [0, 1].
    """

    names = ("style", "style_half", "content")

    def __init__(self, encoder: Encoder) -> None:
        encoder.check_layers(STYLE_LAYERS)
        self.encoder = encoder

    def see_content(self, content: Tensor) -> Tensor:
        """Return what a painting's content is compared with."""
        seen: dict[str, Tensor] = self.encoder(halved(content), [CONTENT_LAYER])
        return seen[CONTENT_LAYER]

    def see_style(self, style: Tensor) -> list[Moments]:
        """Return what a painting's style is compared with."""
        return [m for x in (style, halved(style)) for m in self._moments(x)]

    def __call__(
        self, painted: Tensor, content: Tensor, style: list[Moments] | None
    ) -> dict[str, float]:
        """Measure a painting by what was seen of content and style; without a style nan for it."""
        half = self.encoder(halved(painted), STYLE_LAYERS)
        kept = float(content_loss(half[CONTENT_LAYER], content))
        if style is None:
            return dict(zip(self.names, (NAN, NAN, kept), strict=True))
        found = [*self._moments(painted), *_moments(half)]
        losses = [float(moment_loss(a, b)) for a, b in zip(found, style, strict=True)]
        count = len(STYLE_LAYERS)
        parts = sum(losses[:count]), sum(losses[count:]), kept
        return dict(zip(self.names, parts, strict=True))

    def _moments(self, picture: Tensor) -> list[Moments]:
        return _moments(self.encoder(picture, STYLE_LAYERS))


class PaperLosses:
    """Losses as published tables have them: MicroAST's calc_cs_loss (Wang et al. 2023).

    Style: the mean over relu1_1 to 5_1 of the squared differences of means and of deviations.
    Content: the mean over relu4_1 and 5_1 of the squared difference of features. Nothing is
    normalised. The published numbers were taken with red and blue swapped, and so are these.
    Layers that the encoder does not have are left out of the style; of the content the deepest
    that is there is taken. `layers` and `content_layers` tell; numbers of different encoders or
    layers do not compare. Pictures are 1 3 H W in [0, 1].
    """

    names = ("style_paper", "content_paper")

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder
        self.layers = tuple(layer for layer in PAPER_LAYERS if layer in encoder.layers)
        deep = tuple(layer for layer in PAPER_LAYERS[-2:] if layer in encoder.layers)
        self.content_layers = deep or self.layers[-1:]

    def see_content(self, content: Tensor) -> dict[str, Tensor]:
        """Return what a painting's content is compared with."""
        seen: dict[str, Tensor] = self.encoder(content.flip(1), self.content_layers)
        return seen

    def see_style(self, style: Tensor) -> Spreads:
        """Return what a painting's style is compared with."""
        return self._spreads(self.encoder(style.flip(1), self.layers))

    def __call__(
        self, painted: Tensor, content: dict[str, Tensor], style: Spreads | None
    ) -> dict[str, float]:
        """Measure a painting by what was seen of content and style; without a style nan for it."""
        seen = self.encoder(painted.flip(1), self.layers)
        far = torch.stack([F.mse_loss(seen[name], content[name]) for name in self.content_layers])
        near = NAN
        if style is not None:
            pairs = zip(self._spreads(seen), style, strict=True)
            gaps = [F.mse_loss(m, u) + F.mse_loss(d, v) for (m, d), (u, v) in pairs]
            near = float(torch.stack(gaps).mean())
        return dict(zip(self.names, (near, float(far.mean())), strict=True))

    def _spreads(self, features: dict[str, Tensor]) -> Spreads:
        pairs = [torch.var_mean(features[name], (2, 3)) for name in self.layers]
        return [(mean, (variance + 1e-5).sqrt()) for variance, mean in pairs]


def to_tensor(picture: Picture) -> Tensor:
    """Return a picture, uint8 H W 3, as 1 3 H W in [0, 1]."""
    return torch.from_numpy(picture.copy()).permute(2, 0, 1)[None].float() / 255


def _moments(features: dict[str, Tensor], layers: Sequence[str] = STYLE_LAYERS) -> list[Moments]:
    return [sums(features[name], diagonal=True).moments() for name in layers]
