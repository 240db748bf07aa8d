"""The saved state of a run, whole at any moment, however large its pictures are.

Arrays go one by one into a new folder; then a small file, renamed into place, names that folder. A
run that is killed in between still has the state before.
"""

import io
import json
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from impasto.errors import OutputError, UsageError
from impasto.methods.optimize.optimizers import State, enlarged
from impasto.weights.files import write_atomically
from impasto.weights.runs import RunFolder

FORMAT = "optimize-run/1"
INDEX = "last.json"
PREVIEW = 1024  # long side of the preview, at most


def saved(folder: RunFolder) -> bool:
    """Tell whether there is a state to go on from."""
    return (folder.state / INDEX).exists()


def save(folder: RunFolder, state: State, known: dict[str, Any]) -> None:
    """Write a state; raise OutputError where it cannot be, with the one before untouched."""
    number = _number(folder) + 1
    place = folder.state / str(number)
    try:
        shutil.rmtree(place, ignore_errors=True)  # of a run that was killed while it saved
        place.mkdir(parents=True)
        for name, tensor in state.items():
            _write(place / f"{name}.npy", tensor)
    except OSError as error:
        shutil.rmtree(place, ignore_errors=True)
        raise OutputError(
            f"Cannot save the run in {folder.folder}: {error.strerror or error}. Free space and "
            "continue with --resume: the state before is untouched."
        ) from error
    index = {"format": FORMAT, "number": number, "names": sorted(state), **known}
    write_atomically(folder.state / INDEX, json.dumps(index).encode())
    for old in folder.state.iterdir():
        if old.is_dir() and old != place:
            shutil.rmtree(old, ignore_errors=True)


def load(folder: RunFolder) -> tuple[State, dict[str, Any]]:
    """Return the state and what else was saved; raise UsageError where it cannot be continued."""
    try:
        known: dict[str, Any] = json.loads((folder.state / INDEX).read_text("utf-8"))
        version = known.get("format")
        if version == FORMAT:
            place = folder.state / str(known["number"])
            state = {n: torch.from_numpy(np.load(place / f"{n}.npy")) for n in known["names"]}
            return state, known
    except Exception as error:
        raise UsageError(
            f"The run in {folder.folder} cannot be read ({error}). "
            "Begin anew without --resume but with --overwrite."
        ) from error
    raise UsageError(
        f"{folder.folder} holds a run of another version ({version}; this one continues {FORMAT}). "
        "Begin anew without --resume but with --overwrite."
    )


def save_preview(folder: RunFolder, picture: Tensor) -> None:
    """Write a picture, 1 3 H W, as the small one to look at while the run goes on."""
    longest = max(picture.shape[2:])
    if longest > PREVIEW:
        share = PREVIEW / longest
        size = (max(1, round(picture.shape[2] * share)), max(1, round(picture.shape[3] * share)))
        picture = enlarged(picture, size)
    samples = (picture[0].clamp(0, 1) * 255).round().byte().permute(1, 2, 0).cpu().numpy()
    stream = io.BytesIO()
    Image.fromarray(samples).save(stream, "jpeg", quality=90)
    write_atomically(folder.preview, stream.getvalue())


def _write(path: Path, tensor: Tensor) -> None:
    with path.open("wb") as file:
        np.save(file, tensor.cpu().numpy())
        file.flush()
        os.fsync(file.fileno())  # or the index could survive a power cut and the arrays not


def _number(folder: RunFolder) -> int:
    try:
        return int(json.loads((folder.state / INDEX).read_text("utf-8"))["number"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0
