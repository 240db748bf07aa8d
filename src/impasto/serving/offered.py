"""What a client may set of all settings: what concerns the picture, and never a path."""

from pathlib import Path

from impasto.settings.fields import Setting, settings_of

# Of the machine; or what a request says in words of its own, as files by the ids of assets.
OF_THE_SERVER = frozenset(
    {
        "engine", "device", "threads", "workers", "precision", "max_pixels", "weights", "block",
        "save_every", "quality", "style", "fine", "region", "data", "teacher", "fine_tune",
        "painting", "paintings", "pictures",
    }
)  # fmt: skip
STARTS = ("content", "noise", "style", "painter")  # of an optimisation, that are no files
RECIPE_NAMES = ("style", "styles", "personal")  # of trainings


def offered(cls: type) -> tuple[Setting, ...]:
    """Return the settings of a class that a client may set."""
    return tuple(
        one for one in settings_of(cls) if one.name not in OF_THE_SERVER and one.kind is not Path
    )
