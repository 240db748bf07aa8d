"""Presets of an optimisation: ours, and those of the literature with the numbers as published."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

Criterion = Literal[
    "auto", "gram", "moments", "covariance", "mixed", "w2", "sliced", "nearest", "gatys"
]
ContentLoss = Literal["normalized", "features", "self-similarity", "plain"]
OptimizerName = Literal["adam", "lbfgs"]

EMBEDDED_STYLE = {"relu1_1": 1.0, "relu2_1": 1.0, "relu3_1": 1.0, "relu3_4": 1.0}
CHANNELS = {"relu1_1": 64, "relu2_1": 128, "relu3_1": 256, "relu4_1": 512, "relu5_1": 512}


@dataclass(frozen=True)
class Preset:
    """All that a preset settles; a setting of the same name that is given wins."""

    encoder: str = "embedded"
    pooling: Literal["max", "average"] = "max"
    criterion: Criterion = "auto"
    content_loss: ContentLoss = "normalized"
    style_layers: Mapping[str, float] = field(default_factory=lambda: dict(EMBEDDED_STYLE))
    content_layers: Mapping[str, float] = field(default_factory=lambda: {"relu3_4": 1.0})
    levels: int = 4
    content_levels: int = 2
    optimizer: OptimizerName = "adam"
    rate: float = 0.03
    first: int = 80  # steps of the coarsest scale
    decline: float = 0.6  # steps fall with this power of the size
    least: int = 8  # steps of any scale
    smallest: int = 128  # long side of the coarsest scale, at least
    growth: float = 2**0.5  # from scale to scale
    size: int | None = 512  # long side at most; None: the photo's own
    by_area: bool = False  # sizes are roots of the area, not long sides
    init: str = "content"
    variation: float = 0.02
    squared_variation: bool = False
    content_weight: float | None = None  # fixed, instead of following from the strength


# Gatys, Ecker and Bethge 2016, as in their code: layers weigh 1000 / channels^2, content 1.
_GATYS = Preset(
    encoder="vgg19-caffe",
    pooling="average",
    criterion="gatys",
    content_loss="plain",
    style_layers={name: 1e3 / count**2 for name, count in CHANNELS.items()},
    content_layers={"relu4_2": 1.0},
    levels=1,
    content_levels=1,
    optimizer="lbfgs",
    rate=1.0,
    first=500,
    decline=0.0,
    smallest=512,
    variation=0.0,
    content_weight=1.0,
)

PRESETS: Mapping[str, Preset] = {
    "draft": Preset(first=50, decline=1.1, growth=2.0, rate=0.04, init="painter"),
    "standard": Preset(init="painter"),
    "print": Preset(size=None, first=100, decline=0.7, init="painter"),
    "texture": Preset(
        criterion="w2", content_layers={}, init="noise", first=150, decline=0.5, content_weight=0.0
    ),
    "gatys2016": _GATYS,
    # 200 steps at twice the size after the 500; sizes are roots of the area.
    "gatys2017": replace(
        _GATYS,
        size=1024,
        growth=2.0,
        by_area=True,
        decline=1.3219,  # log2(500 / 200)
    ),
    # jcjohnson/neural-style: Gram matrices are divided by the channels too, and layers weigh 100.
    "johnson-cli": replace(
        _GATYS,
        pooling="max",
        style_layers={name: 1e2 / count**2 for name, count in CHANNELS.items()},
        content_weight=5.0,
        first=1000,
        init="noise",
        variation=1e-3,
        squared_variation=True,
    ),
}
