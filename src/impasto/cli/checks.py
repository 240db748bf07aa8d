"""The checks of ``impasto doctor``, each with the command that fixes what it finds."""

import importlib.util
import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import numpy as np

from impasto.cli.extras import EXTRA_OF
from impasto.device.folders import cache_folder, data_folder
from impasto.device.processor import best_precision, this_processor
from impasto.engines.registry import DEVICES, ENGINES
from impasto.errors import ImpastoError
from impasto.images import vips
from impasto.images.source import open_picture
from impasto.images.window import Window
from impasto.methods.fast import SHIPPED, FastStylizer
from impasto.styles import gallery
from impasto.version import __version__
from impasto.weights.models import open_model

REINSTALL = "pip install --force-reinstall --no-deps impasto"


@dataclass(frozen=True)
class Check:
    """One finding: what was looked at, whether it is well, and how to mend it."""

    topic: str
    ok: bool
    text: str
    fix: str = ""
    optional: bool = False  # painting works without it


def all_checks() -> Iterator[Check]:
    """Give every check in the order that a reader wants."""
    yield Check("impasto", True, __version__)
    yield Check("python", True, f"{platform.python_version()}, {sys.executable}")
    yield from processor()
    yield from (engine(name) for name in ENGINES)
    yield large_files()
    yield serving()
    yield model()
    yield painting()
    yield optimization()
    yield styles()
    yield folder("cache", cache_folder())
    yield folder("own styles", data_folder())


def processor() -> Iterator[Check]:
    """Tell what the processor can do, and in which precision networks will run."""
    found = this_processor()
    cores = f"{found.cores} core{'s' if found.cores > 1 else ''}"
    yield Check("processor", True, f"{found.name}, {found.architecture}, {cores}")
    yield Check("features", True, " ".join(sorted(found.features)) or "none that matter")
    yield Check("precision", True, best_precision(found))


def engine(name: str) -> Check:
    """Tell whether an engine is installed, without loading it."""
    devices = ", ".join(kind for kind in DEVICES[name] if kind != "auto")
    if importlib.util.find_spec(name) is not None:
        return Check(name, True, f"{metadata.version(name)} for {devices}")
    extra = EXTRA_OF.get(name)
    package = f'"impasto[{extra}]"' if extra else name
    return Check(
        name, False, f"not installed, for {devices}", f"pip install {package}", bool(extra)
    )


def large_files() -> Check:
    """Tell whether files can be read that are larger than memory."""
    if vips.installed():
        return Check("pyvips", True, f"{metadata.version('pyvips')} for files larger than memory")
    fix = f'pip install "impasto[{EXTRA_OF["pyvips"]}]"'
    return Check("pyvips", False, "not installed, for files larger than memory", fix, optional=True)


def serving() -> Check:
    """Tell whether the server and its page can be started."""
    needed = [name for name, extra in EXTRA_OF.items() if extra == "serve"]
    missing = [name for name in needed if importlib.util.find_spec(name) is None]
    if not missing:
        return Check("serving", True, f"fastapi {metadata.version('fastapi')}, impasto studio")
    text = f"{', '.join(missing)} not installed, for impasto serve and studio"
    return Check("serving", False, text, 'pip install "impasto[serve]"', optional=True)


def model() -> Check:
    """Check every file of the shipped painter against the hashes in its card."""
    try:
        opened = open_model(SHIPPED)
    except ImpastoError as error:
        return Check("painter", False, str(error), REINSTALL)
    size = sum(path.stat().st_size for path in opened.folder.iterdir()) / 1e6
    text = f"{opened.name}, encoder {opened.encoder_id[:12]}, {size:.1f} MB, files as in its card"
    return Check("painter", True, text)


def painting() -> Check:
    """Paint a tiny picture with the default engine."""
    try:
        stylizer = FastStylizer.open()
        ramp = np.linspace(0, 1, 64 * 64 * 3, dtype=np.float32).reshape(64, 64, 3)
        style = stylizer.style_of(ramp[::-1], "doctor-style")
        painted = stylizer.prepare(open_picture(ramp), style).paint(Window(0, 0, 64, 64))
    except ImpastoError as error:
        return Check("painting", False, str(error), REINSTALL)
    if not np.isfinite(painted).all() or painted.std() < 1e-3:
        text = "the network paints nothing sensible on this device"
        return Check("painting", False, text, "impasto stylize ... --precision f32")
    return Check("painting", True, "a picture of 64 x 64 was painted")


def optimization() -> Check:
    """Tell whether pictures can be optimized here, and on which device; this loads torch."""
    if importlib.util.find_spec("torch") is None:
        fix = f'pip install "impasto[{EXTRA_OF["torch"]}]"'
        return Check("optimizing", False, "needs torch", fix, optional=True)
    from impasto.features.devices import device_of
    from impasto.features.registry import open_encoder

    try:
        encoder = open_encoder()
    except ImpastoError as error:
        return Check("optimizing", False, str(error), REINSTALL, optional=True)
    text = f"on {device_of('auto')}, encoder {encoder.name} {encoder.id[:12]}"
    return Check("optimizing", True, text)


def styles() -> Check:
    """Count the styles, and see whether the painter can use them."""
    try:
        found = gallery.styles()
        encoder = open_model(SHIPPED).encoder_id
    except ImpastoError as error:
        return Check("styles", False, str(error), REINSTALL)
    own = len(gallery.own())
    foreign = [style.name for style in found if style.encoder_id != encoder]
    text = f"{len(found)}, {own} of them your own"
    if not foreign:
        return Check("styles", bool(found), text, "" if found else REINSTALL)
    fix = f"impasto styles add PAINTING --name {foreign[0]} --overwrite"
    mine = set(foreign) <= set(gallery.own())
    other = f"{text}; made by another encoder: {', '.join(foreign[:5])}"
    return Check("styles", False, other, fix if mine else REINSTALL, optional=mine)


def folder(topic: str, path: Path) -> Check:
    """Tell whether a folder is writable, or can be made; nothing is made."""
    there = path
    while not there.exists() and there != there.parent:
        there = there.parent
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        return Check(topic, True, f"{path}, {'writable' if there == path else 'made when needed'}")
    variable = "IMPASTO_CACHE" if topic == "cache" else "IMPASTO_HOME"
    fix = f"export {variable}=/a/folder/of/yours"
    return Check(topic, False, f"{path}, not writable", fix, optional=True)
