"""What an optimisation takes: whole pictures, and one step of the small encoder against VGG-19."""

import argparse
import statistics
import time
from collections.abc import Callable

import torch
from torch import Tensor

from benchmarks.machine import describe_machine, encoder_options, interleaved, options, photo, row
from impasto.features.embedded import Embedded, EmbeddedNetwork
from impasto.features.encoder import Encoder
from impasto.features.vgg import BLOCKS, VGG
from impasto.images.patterns import render
from impasto.images.samples import to_samples
from impasto.images.source import ArraySource, Source, open_picture
from impasto.methods.optimize.objective import Objective, Weights
from impasto.methods.optimize.seen import to_tensor
from impasto.methods.optimize.stylizer import Optimize, content_weight
from impasto.methods.optimize.targets import Area, Look, Targets
from impasto.provenance.cards import StyleCard
from impasto.settings.presets import PRESETS
from impasto.styles.style import Style

PRECISIONS = {"bf16": torch.bfloat16, "f32": torch.float32}
CHANNELS = {"1": 64, "2": 128, "3": 256}  # by block of VGG-19, up to conv3_4


def untrained_vgg(dtype: torch.dtype) -> VGG:
    """Return VGG-19 to conv3_4 with random weights: what it takes does not depend on them."""
    torch.manual_seed(0)
    tensors: dict[str, Tensor] = {}
    inputs = 3
    for block, channels in CHANNELS.items():
        for number in range(1, BLOCKS["vgg19"][int(block) - 1] + 1):
            kernel = torch.randn(channels, inputs, 3, 3) / (4.5 * inputs) ** 0.5
            tensors |= {f"conv{block}_{number}.weight": kernel}
            tensors |= {f"conv{block}_{number}.bias": torch.zeros(channels)}
            inputs = channels
    return VGG("vgg19", "torchvision", "", tensors, dtype=dtype)


def untrained_embedded(dtype: torch.dtype) -> Embedded:
    """Return the embedded encoder with random weights."""
    torch.manual_seed(0)
    network = EmbeddedNetwork().requires_grad_(False)
    network.to(dtype=dtype, memory_format=torch.channels_last)  # type: ignore[call-overload]
    return Embedded(network, dtype=dtype)


def forward_and_back(encoder: Encoder, picture: Tensor) -> Callable[[], object]:
    """Return what sees a picture at the preset's layers and gives a gradient of its pixels."""
    layers = list(PRESETS["standard"].style_layers)
    leaf = picture.clone().requires_grad_()

    def work() -> object:
        seen = list(encoder(leaf, layers).values())
        return torch.autograd.grad(seen, leaf, [features.detach() for features in seen])

    return work


def step(encoder: Encoder, picture: Tensor, style: Style) -> Callable[[], object]:
    """Return what evaluates the objective of `standard` on its last scale, with its gradient."""
    plan = PRESETS["standard"]
    look = Look(
        criterion="mixed",  # what `auto` means for paintings
        style_layers=plan.style_layers,
        content_layers=plan.content_layers,
        content=plan.content_loss,
        levels=plan.levels,
        content_levels=plan.content_levels,
    )
    targets = Targets(
        encoder,
        look,
        [Area(style.each)],
        generator=torch.Generator(),
        block=1024,
        device=torch.device("cpu"),
    )
    objective = Objective(targets.levels(picture))
    weights: Weights = {"style": 1.0, "content": content_weight(50), "variation": plan.variation}
    return lambda: objective.evaluate(picture, weights)


def compare_encoders(picture: Tensor, style: Style, rounds: int) -> None:
    """Print what both encoders take, and the ratio, in each number format."""
    for name, dtype in PRECISIONS.items():
        ours, theirs = untrained_embedded(dtype), untrained_vgg(dtype)
        for what, works in {
            "forward and back": [forward_and_back(e, picture) for e in (ours, theirs)],
            "a whole step": [step(e, picture, style) for e in (ours, theirs)],
        }.items():
            named = zip(("embedded", "VGG-19 to conv3_4"), works, strict=True)
            found = interleaved({f"{who}, {name}, {what}": work for who, work in named}, rounds)
            for label, seconds in found.items():
                print(row(label, seconds))
            mine, other = (statistics.median(seconds) for seconds in found.values())
            print(f"{other / mine:.1f} times faster")


def paint(chosen: argparse.Namespace, source: Source, style: Style) -> None:
    """Print what whole pictures take, presets in turns."""
    methods = {
        preset: Optimize(
            preset=preset, encoder=chosen.encoder, weights=chosen.weights, size=chosen.side
        )
        for preset in chosen.presets
    }
    seconds: dict[str, list[float]] = {preset: [] for preset in methods}
    for _ in range(chosen.rounds):
        for preset, method in methods.items():
            _ = method.encoder  # opened before the clock runs
            begun = time.perf_counter()
            method.prepare(source, style)
            seconds[preset].append(time.perf_counter() - begun)
    for preset, taken in seconds.items():
        print(row(f"{preset}, {chosen.encoder}, whole picture", taken))


def main() -> None:
    """Print the tables."""
    parser = encoder_options(options(__doc__ or "", rounds=3))
    parser.add_argument("--side", type=int, default=512, help="pixels of height and width")
    parser.add_argument("--presets", nargs="*", default=("draft", "standard"))
    chosen = parser.parse_args()
    print(f"Optimisation at {chosen.side} x {chosen.side}. {describe_machine()}")
    painting = ArraySource("oil-impasto", to_samples(render("oil-impasto", 1), 16))
    style = Style.of_painting(painting, StyleCard("oil-impasto"))
    with photo(chosen.side, chosen.side) as path:
        source = open_picture(path)
        compare_encoders(to_tensor(source.thumbnail(chosen.side)), style, chosen.rounds)
        paint(chosen, source, style)


if __name__ == "__main__":
    main()
