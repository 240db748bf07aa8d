"""The same loss, how much sooner than plain Gatys: VGG-19, L-BFGS, float32, one scale.

Both begin with the photo. A neutral yardstick, VGG-19 in float32 with other losses than either
minimises, says how good a picture is; its own time is left out.
"""

import argparse
import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import torch
import torch.nn.functional as F
from skimage import data
from torch import Tensor

from benchmarks.machine import describe_machine
from impasto.device.processor import usable_cores
from impasto.features.encoder import Encoder
from impasto.features.registry import open_encoder
from impasto.features.statistics import Moments, moments
from impasto.images.patterns import render
from impasto.images.samples import to_samples
from impasto.images.source import ArraySource, Source, open_picture
from impasto.images.window import whole
from impasto.losses.content import content_loss
from impasto.losses.style import gatys_loss, moment_loss
from impasto.methods.optimize.seen import to_tensor
from impasto.methods.optimize.stylizer import Optimize
from impasto.provenance.cards import StyleCard
from impasto.styles.style import Style

PHOTOS = Path(data.__file__).parent
STYLE = {"relu1_1": 64, "relu2_1": 128, "relu3_1": 256, "relu3_4": 256}  # layers and channels
CONTENT = "relu3_4"


class Marks(NamedTuple):
    """What the yardstick says of a picture."""

    style: float  # mean and deviation at four layers, at full and at half size
    content: float  # instance-normalised relu3_4 at half size

    @property
    def sum(self) -> float:
        """One number to compare by."""
        return self.style + self.content


class Yardstick:
    """How far a picture (1 3 H W) is from the style and from the photo, whoever made it."""

    def __init__(self, vgg: Encoder, photo: Tensor, painting: Tensor) -> None:
        self.vgg = vgg
        with torch.no_grad():
            self.styles = [self._moments(F.avg_pool2d(painting, size)) for size in (1, 2)]
            self.content = vgg(F.avg_pool2d(photo, 2), [CONTENT])[CONTENT]

    @torch.no_grad()
    def measure(self, picture: Tensor) -> Marks:
        """Return the marks of a picture, which is clamped to [0, 1] first."""
        style = 0.0
        for size, wanted in zip((1, 2), self.styles, strict=True):
            found = self._moments(F.avg_pool2d(picture.clamp(0, 1), size))
            style += sum(float(moment_loss(found[name], wanted[name])) for name in STYLE)
        half = self.vgg(F.avg_pool2d(picture.clamp(0, 1), 2), [CONTENT])[CONTENT]
        return Marks(style, float(content_loss(half, self.content)))

    def _moments(self, picture: Tensor) -> dict[str, Moments]:
        return {name: moments(x) for name, x in self.vgg(picture, list(STYLE)).items()}


class Gatys:
    """Gatys, Ecker and Bethge 2016: weights of 1000 / channels^2, Gram and feature distances."""

    def __init__(self, vgg: Encoder, photo: Tensor, painting: Tensor) -> None:
        self.vgg = vgg
        with torch.no_grad():
            seen = vgg(painting, list(STYLE))
            self.styles = {name: moments(x) for name, x in seen.items()}
            self.content = vgg(photo, [CONTENT])[CONTENT]

    @torch.no_grad()
    def of(self, picture: Tensor) -> float:
        """Return the objective of a picture that is finished."""
        return float(self.objective(picture.clamp(0, 1)))

    def objective(self, picture: Tensor) -> Tensor:
        """Return what is minimised."""
        seen = self.vgg(picture, [*STYLE])
        terms = [F.mse_loss(seen[CONTENT], self.content)]
        for name, channels in STYLE.items():
            terms.append(1e3 / channels**2 * gatys_loss(moments(seen[name]), self.styles[name]))
        return torch.stack(terms).sum()


class Point(NamedTuple):
    """Where the baseline was at a moment."""

    step: int
    seconds: float
    marks: Marks
    objective: float


@dataclass(frozen=True)
class Limits:
    """When the baseline is ended: when it is as low as `target`, or earlier."""

    target: float
    steps: int
    seconds: float
    every: int  # steps between two looks of the yardstick
    line_search: bool


def run_gatys(
    vgg: Encoder, photo: Tensor, painting: Tensor, yardstick: Yardstick, limits: Limits
) -> list[Point]:
    """Return the way of the baseline, from the photo until a limit ends it."""
    begun = time.perf_counter()
    method = Gatys(vgg, photo, painting)
    pixels = (255 * photo).requires_grad_()  # as published; in units of 1 the first steps diverge
    optimizer = lbfgs(pixels, limits.line_search)

    def closure() -> float:
        optimizer.zero_grad()
        loss = method.objective(pixels / 255)
        loss.backward()  # type: ignore[no-untyped-call]
        return float(loss.detach())

    seconds, way = time.perf_counter() - begun, list[Point]()
    for step in range(1, limits.steps + 1):
        begun = time.perf_counter()
        optimizer.step(closure)  # type: ignore[no-untyped-call]
        seconds += time.perf_counter() - begun
        ended = seconds >= limits.seconds or step == limits.steps
        if step % limits.every == 0 or ended:
            now = pixels.detach() / 255
            way.append(Point(step, seconds, yardstick.measure(now), method.of(now)))
            if ended or way[-1].marks.sum <= limits.target:
                break
    return way


def lbfgs(pixels: Tensor, line_search: bool) -> torch.optim.LBFGS:
    """Return the baseline's optimiser: one direction a step, along which it may search."""
    return torch.optim.LBFGS(
        [pixels],
        max_iter=1,
        max_eval=25 if line_search else 1,
        tolerance_grad=0,
        tolerance_change=0,
        line_search_fn="strong_wolfe" if line_search else None,
    )


def run_ours(optimizer: Optimize, photo: Source, style: Style) -> tuple[float, Tensor]:
    """Return the seconds that we need for a picture once the encoder is open, and the picture."""
    _ = optimizer.encoder  # opened before the clock runs, as the baseline's is
    begun = time.perf_counter()
    painter = optimizer.prepare(photo, style)
    seconds = time.perf_counter() - begun
    return seconds, to_tensor(painter.paint(whole(photo.height, photo.width)))


def first_below(way: Sequence[Point], target: float) -> Point | None:
    """Return where the baseline first was as low as a sum of marks, if ever."""
    return next((point for point in way if point.marks.sum <= target), None)


def line(name: str, seconds: float, marks: Marks, objective: float) -> str:
    """Return one line of the table."""
    return (
        f"{name:22}{seconds:8.1f} s   style {marks.style:7.3f}   content {marks.content:6.3f}"
        f"   sum {marks.sum:7.3f}   Gatys' objective {objective:10.4g}"
    )


def verdict(name: str, seconds: float, marks: Marks, way: Sequence[Point]) -> str:
    """Return how much sooner we were as low as the baseline, in words."""
    point = first_below(way, marks.sum)
    if point is None:
        last = way[-1]
        return (
            f"{name}: Gatys was not as low after {last.step} steps, {last.seconds:.1f} s; "
            f"we were more than {last.seconds / seconds:.1f} times faster"
        )
    return (
        f"{name}: Gatys was as low after {point.step} steps, {point.seconds:.1f} s; "
        f"we were {point.seconds / seconds:.1f} times faster"
    )


def compare(chosen: argparse.Namespace) -> None:
    """Paint one pair in all ways and print the table."""
    vgg = open_encoder("vgg19", weights=chosen.weights)
    opened = open_picture(PHOTOS / chosen.photo).thumbnail(chosen.side)
    photo = ArraySource(chosen.photo, to_samples(opened, 16))
    painting = ArraySource(chosen.style, to_samples(render(chosen.style, 1, chosen.side), 16))
    style = Style.of_painting(painting, StyleCard(chosen.style))
    content, wanted = to_tensor(opened), to_tensor(painting.thumbnail(chosen.side))
    yardstick, gatys = Yardstick(vgg, content, wanted), Gatys(vgg, content, wanted)
    print(line("the photo", 0, yardstick.measure(content), gatys.of(content)))
    found: dict[str, tuple[float, Marks]] = {}
    for encoder, preset in itertools.product(chosen.encoders, chosen.presets):
        weights = None if encoder == "embedded" else chosen.weights
        optimizer = Optimize(
            preset=preset,
            encoder=encoder,
            weights=weights,
            size=chosen.side,
            threads=chosen.threads,
        )
        seconds, picture = run_ours(optimizer, photo, style)
        found[f"{preset}, {encoder}"] = seconds, yardstick.measure(picture)
        print(line(f"{preset}, {encoder}", seconds, yardstick.measure(picture), gatys.of(picture)))
    target = min(marks.sum for _, marks in found.values())
    limits = Limits(target, chosen.steps, chosen.seconds, chosen.every, chosen.line_search)
    way = run_gatys(vgg, content, wanted, yardstick, limits)
    for step in sorted({0, len(way) // 4, len(way) // 2, len(way) - 1}):
        point = way[step]
        print(line(f"Gatys, {point.step} steps", point.seconds, point.marks, point.objective))
    for name, (seconds, marks) in found.items():
        print(verdict(name, seconds, marks, way))


def main() -> None:
    """Print the table and how much sooner we are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, help="VGG-19 as safetensors or .pth; needed")
    parser.add_argument("--side", type=int, default=512, help="long side of the picture")
    parser.add_argument("--photo", default="chelsea.png", help="of scikit-image's data")
    parser.add_argument("--style", default="oil-impasto", help="a pattern of our own")
    parser.add_argument("--presets", nargs="+", default=("draft", "standard"))
    parser.add_argument("--encoders", nargs="+", default=("embedded", "vgg19"))
    parser.add_argument("--steps", type=int, default=1000, help="of the baseline, at most")
    parser.add_argument("--seconds", type=float, default=1800, help="of the baseline, at most")
    parser.add_argument("--every", type=int, default=5, help="steps between looks at the baseline")
    parser.add_argument(
        "--line-search", action="store_true", help="the baseline searches along its directions"
    )
    parser.add_argument("--threads", type=int, default=usable_cores())
    chosen = parser.parse_args()
    print(f"{chosen.photo} in {chosen.style} at {chosen.side} px. {describe_machine()}")
    if chosen.weights is None:
        print("Plain Gatys needs VGG-19: python -m benchmarks.gatys --weights FILE")
        return
    torch.set_num_threads(chosen.threads)
    compare(chosen)


if __name__ == "__main__":
    main()
