"""The recipes by name, each with what it adds to the common fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from impasto.errors import SettingError
from impasto.settings.fields import again, setting
from impasto.settings.training import TrainingSettings


@dataclass(frozen=True)
class StyleSettings(TrainingSettings):
    """One painting, one small network (Johnson et al. 2016)."""

    painting: str | None = setting(None, "The painting: a picture file, or a gallery name.")
    width: float = setting(
        0.5, "Channels, against 32, 64 and 128 of the paper.", minimum=0.125, maximum=2.0
    )
    row_rate: float = setting(
        10.0,
        "How much faster the scales and shifts of a style learn than the convolutions.",
        minimum=0.1,
        maximum=100.0,
    )
    style_size: int = setting(
        512,
        "Long side at which paintings are seen: larger gives finer strokes.",
        minimum=64,
        maximum=2048,
        unit="px",
    )


@dataclass(frozen=True)
class StylesSettings(TrainingSettings):
    """Several paintings in one network, a row of numbers for each (Dumoulin et al. 2017)."""

    paintings: tuple[str, ...] = setting(
        (), "Paintings, folders of them, or gallery names; in the order of the network's rows."
    )
    width: float = again(StyleSettings, "width", 0.5)
    row_rate: float = again(StyleSettings, "row_rate", 20.0)
    style_size: int = again(StyleSettings, "style_size", 512)
    steps: int = again(TrainingSettings, "steps", 4000)
    batch: int = again(TrainingSettings, "batch", 8)
    only_rows: bool | None = setting(
        None,
        "Learn nothing but the rows of new styles; so it is with --fine-tune, where the model does "
        "not know all of the paintings.",
    )


@dataclass(frozen=True)
class ArbitrarySettings(TrainingSettings):
    """Any style by its vector: the recipe of the painter in the package."""

    styles: Path | None = setting(
        None,
        "The style pictures: a folder, in groups by folders or by the first word of names. Without "
        "it --data has folders content and style.",
    )
    shares: tuple[str, ...] = setting(
        (), "How often a group of styles is drawn, as monet:0.15; those not named, as other:0.1."
    )
    patterns: int = setting(6, "Renderings of each procedural pattern among the styles.", minimum=0)
    identity_weight: float = setting(
        1.0, "Weight of: a photo in its own style stays itself.", minimum=0.0
    )
    steps: int = again(TrainingSettings, "steps", 12_000)
    learning_rate: float = again(TrainingSettings, "learning_rate", 1.5e-3)
    warmup: int = again(TrainingSettings, "warmup", 200)
    batch: int = again(TrainingSettings, "batch", 8)
    sample_every: int = again(TrainingSettings, "sample_every", 250)
    save_every: int = again(TrainingSettings, "save_every", 250)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.shares_by_group()

    def shares_by_group(self) -> dict[str, float]:
        """Return the shares that are named; raise SettingError where one is no share."""
        return {"other": 0.1} | dict(_share(word) for word in self.shares)

    def share_of(self, group: str) -> float:
        """Return how often a group of styles is drawn, against others."""
        known = self.shares_by_group()
        return known.get(group, known["other"])


@dataclass(frozen=True)
class PersonalSettings(TrainingSettings):
    """The painter in the package, tuned to the pictures of one artist or brand."""

    pictures: str | None = setting(None, "A folder with pictures of the look.")
    prior_share: float = setting(
        0.5,
        "Share of a batch that is painted in other styles too, which are to stay as they are.",
        minimum=0.0,
        maximum=1.0,
    )
    prior_weight: float = setting(5.0, "How much those styles are kept.", minimum=0.0)
    style_size: int = again(StyleSettings, "style_size", 512)
    fine_tune: str | None = again(TrainingSettings, "fine_tune", "painter")
    steps: int = again(TrainingSettings, "steps", 1000)
    learning_rate: float = again(TrainingSettings, "learning_rate", 2e-3)
    average: float = again(TrainingSettings, "average", 0.99)
    warmup: int = again(TrainingSettings, "warmup", 20)
    style_weight: float = again(TrainingSettings, "style_weight", 6.0)
    coarse_weight: float = again(TrainingSettings, "coarse_weight", 6.0)
    # A painter that is ready has nothing to learn from small crops: it would suit itself to them.
    size: int = again(TrainingSettings, "size", 256)
    batch: int = again(TrainingSettings, "batch", 2)


def _share(word: str) -> tuple[str, float]:
    name, _, number = word.partition(":")
    try:
        share = float(number)
    except ValueError:
        share = -1.0
    if not name or not 0 <= share < float("inf"):
        raise SettingError(f'--shares takes a group and a number, as monet:0.15; got "{word}".')
    return name, share


RECIPES: Mapping[str, type[TrainingSettings]] = {
    "style": StyleSettings,
    "styles": StylesSettings,
    "arbitrary": ArbitrarySettings,
    "personal": PersonalSettings,
}


def name_of(settings: TrainingSettings) -> str:
    """Return the name of the recipe that settings are for."""
    return next(name for name, kind in RECIPES.items() if type(settings) is kind)
