"""What a server must have for a task: torch, and the weights of an encoder."""

import importlib.util

from impasto.device.folders import cache_folder
from impasto.errors import MissingExtra, SettingError
from impasto.settings.optimize import OptimizeSettings
from impasto.settings.presets import PRESETS
from impasto.weights.store import KNOWN


def check_torch(purpose: str) -> None:
    """Raise MissingExtra where torch is not installed; nothing is loaded."""
    if importlib.util.find_spec("torch") is None:
        raise MissingExtra(purpose, "train")


def check_encoder(settings: OptimizeSettings) -> None:
    """Raise SettingError for an encoder that would have to be downloaded: a request starts none."""
    name = settings.plan().encoder
    if name not in KNOWN or (cache_folder() / "weights" / KNOWN[name].file).is_file():
        return
    ready = ", ".join(preset for preset, plan in PRESETS.items() if plan.encoder not in KNOWN)
    raise SettingError(
        f"The encoder {name} is not on this server. Take a preset that needs none ({ready}), or "
        f'the encoder "embedded". Who runs the server puts {KNOWN[name].file} into the folder '
        "weights of its cache (IMPASTO_CACHE)."
    )
