"""What is measured of one painting: the pixel metrics, and what the networks see."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import torch

from impasto.device.progress import OnProgress
from impasto.evaluation.brushwork import orientation_distance, scale_distance
from impasto.evaluation.checkerboard import checkerboard_score
from impasto.evaluation.colors import palette_distance, weighed
from impasto.evaluation.deep.losses import PaperLosses, SaneLosses, to_tensor
from impasto.evaluation.deep.lpips import LPIPS
from impasto.evaluation.deep.normalized import NormalizedVGG, is_normalized
from impasto.evaluation.similarity import Picture, ms_ssim, psnr, ssim
from impasto.features.encoder import Encoder
from impasto.features.registry import open_encoder
from impasto.features.tensors import load_tensors
from impasto.images.samples import to_floats
from impasto.settings.evaluate import EvaluateSettings

VERSION = 1  # of the definitions: what was measured by another is measured again
REMEMBERED = 256  # styles whose features are kept


@dataclass(frozen=True, eq=False)
class Canvas:
    """A picture, uint8 H W 3, that is known by itself: what was seen of it is kept for a while."""

    pixels: Picture


def open_eye(settings: EvaluateSettings, on_progress: OnProgress | None = None) -> Encoder:
    """Return the encoder of an evaluation; AdaIN's VGG-19 is known by what its file holds."""
    given = settings.teacher
    if given is not None and given.is_file() and is_normalized(load_tensors(given)):
        return NormalizedVGG(given)
    return open_encoder(settings.encoder, weights=given, on_progress=on_progress)


class Judge:
    """Measures paintings; one that is given the same again gives the same numbers.

    Raises SettingError or ModelError where the weights of a network cannot be used.
    """

    def __init__(self, settings: EvaluateSettings, on_progress: OnProgress | None = None) -> None:
        self.encoder = open_eye(settings, on_progress)
        self.losses: list[SaneLosses | PaperLosses] = []
        if settings.losses in ("sane", "both"):
            self.losses.append(SaneLosses(self.encoder))
        if settings.losses in ("paper", "both"):
            self.losses.append(PaperLosses(self.encoder))
        self.lpips = None
        if settings.lpips is not None and settings.alexnet is not None:
            self.lpips = LPIPS(settings.alexnet, settings.lpips)
        self._of_content = lru_cache(1)(self._see_content)
        self._of_style = lru_cache(REMEMBERED)(self._see_style)
        self._palette = lru_cache(REMEMBERED)(lambda canvas: weighed(canvas.pixels))

    @property
    def id(self) -> str:
        """A hash of everything that the numbers depend on beside the pictures."""
        parts = [str(VERSION), self.encoder.id, *(type(one).__name__ for one in self.losses)]
        parts.append(self.lpips.id if self.lpips else "")
        return hashlib.sha256(" ".join(parts).encode()).hexdigest()

    def describe(self) -> Mapping[str, Any]:
        """Return what saw the pictures, for the report."""
        paper = [one for one in self.losses if isinstance(one, PaperLosses)]
        layers = {"style": paper[0].layers, "content": paper[0].content_layers} if paper else None
        known = {key: getattr(self.encoder, key) for key in ("name", "family", "id")}
        return {**known, "layers_as_published": layers}

    @torch.inference_mode()
    def __call__(self, painted: Canvas, content: Canvas, style: Canvas | None) -> dict[str, float]:
        """Return the numbers of a painting by their keys; of the same size as its content.

        Without a style, what compares with it is nan, as is what a size is too small for.
        """
        found = self._compared(painted, content, style)
        seen = to_tensor(painted.pixels)
        for place, losses in enumerate(self.losses):
            wanted = None if style is None else self._of_style(style)[place]
            found |= losses(seen, self._of_content(content)[place], wanted)
        if self.lpips is not None:
            found["lpips"] = self.lpips(seen, to_tensor(content.pixels))
        return found

    def _compared(self, painted: Canvas, content: Canvas, style: Canvas | None) -> dict[str, float]:
        """Return the numbers that no network is needed for."""
        found = {
            "ssim": ssim(painted.pixels, content.pixels),
            "ms_ssim": ms_ssim(painted.pixels, content.pixels),
            "psnr": psnr(painted.pixels, content.pixels),
            "checkerboard": checkerboard_score(to_floats(painted.pixels)),
        }
        if style is not None:
            found["color"] = palette_distance(self._palette(painted), self._palette(style))
            found["orientation"] = orientation_distance(painted.pixels, style.pixels)
            found["scale"] = scale_distance(painted.pixels, style.pixels)
        return found

    def _see_content(self, content: Canvas) -> list[Any]:
        return [losses.see_content(to_tensor(content.pixels)) for losses in self.losses]

    def _see_style(self, style: Canvas) -> list[Any]:
        return [losses.see_style(to_tensor(style.pixels)) for losses in self.losses]
