"""Model folders: a card, graphs that engines run, and the weights that training continues from.

A model folder holds

- ``card.json``: what the model is, and the SHA-256 of every other file (schema ``model-card/1``),
- ``encode.onnx``: picture (1 3 H W) to style vector (1 V); absent where there is one style only,
- ``prepare.onnx``: thumbnail and vector to statistics (1 N), everything that is global,
- ``paint.onnx``: window and statistics to the painted window,
- ``paint_regions.onnx``: window (1 3 H W), statistics (R N) and masks (1 R H W) to the painted
  window, blended inside the network; absent where regions are blended by pixels,
- ``model.safetensors``: the weights; graphs may keep theirs in it too.
"""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from impasto.errors import ModelError, OutputError, OutputExists
from impasto.weights.files import sha256_of

SCHEMA = "model-card/1"
CARD = "card.json"
NEEDED = ("prepare.onnx", "paint.onnx")

# What every card says. It may say more: title, training_data, recipe, figures, license.
FIELDS: Mapping[str, type] = {
    "name": str,  # kebab-case
    "kind": str,  # "arbitrary": any style by its vector; "single": one style
    "version": int,
    "encoder_id": str,  # SHA-256 of the style encoder's weights; "" where there is none
    "multiple": int,  # heights and widths divide by it
    "halo": int,  # pixels to each side that a painted pixel depends on
}


@dataclass(frozen=True)
class Model:
    """A model folder whose card and files were checked; `card` is all that the card says."""

    folder: Path
    card: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The model's kebab-case name."""
        return str(self.card["name"])

    @property
    def kind(self) -> str:
        """``arbitrary`` for any style by its vector, ``single`` for one style."""
        return str(self.card["kind"])

    @property
    def encoder_id(self) -> str:
        """The hash of the style encoder, which style files must match."""
        return str(self.card["encoder_id"])

    @property
    def multiple(self) -> int:
        """Heights and widths of what the graphs are given divide by this."""
        return int(self.card["multiple"])

    @property
    def halo(self) -> int:
        """Pixels to each side that a painted pixel depends on."""
        return int(self.card["halo"])

    @property
    def encode(self) -> Path | None:
        """The graph from a picture to its style vector, if the model has one."""
        return self._optional("encode.onnx")

    @property
    def prepare(self) -> Path:
        """The graph from a thumbnail and a vector to the statistics."""
        return self.folder / "prepare.onnx"

    @property
    def paint(self) -> Path:
        """The graph from a window and the statistics to the painted window."""
        return self.folder / "paint.onnx"

    @property
    def paint_regions(self) -> Path | None:
        """The graph that paints with several statistics, blended by masks, if there is one."""
        return self._optional("paint_regions.onnx")

    def _optional(self, name: str) -> Path | None:
        return self.folder / name if name in self.card["files"] else None


def open_model(folder: Path) -> Model:
    """Open a model folder and check every file against its card.

    Raises ModelError that names what is missing, damaged or too new.
    """
    card = _read_card(folder)
    _check_card(card, f"The model card {folder / CARD}")
    files = card.get("files")
    if not isinstance(files, dict):
        raise ModelError(
            f'The model card {folder / CARD} lists no "files". Export the model again.'
        )
    for name in NEEDED:
        if name not in files:
            raise ModelError(f"The model {folder} has no {name}. Export the model again.")
    for name, sha256 in files.items():
        _check_file(folder, name, sha256)
    return Model(folder, card)


def write_model(folder: Path, card: Mapping[str, Any], files: Mapping[str, bytes]) -> Path:
    """Write a model folder whole or not at all and return it; an older model there is replaced.

    Args:
        card: every field of `FIELDS`, and whatever else is worth saying; schema and file hashes
            are added.
        files: names and contents, at least ``prepare.onnx`` and ``paint.onnx``.

    Raises:
        ModelError: the card or the files are incomplete.
        OutputExists: the folder is there and holds something else than a model.
        OutputError: it cannot be written.
    """
    hashes = {name: sha256_of(data) for name, data in sorted(files.items())}
    full = {"schema": SCHEMA, **card, "files": hashes}
    _check_card(full, "The model card to write")
    missing = [name for name in NEEDED if name not in files]
    if missing:
        raise ModelError(f"A model needs {' and '.join(NEEDED)}; missing: {', '.join(missing)}.")
    if folder.exists() and not (folder / CARD).is_file() and not _is_empty(folder):
        raise OutputExists(f"{folder} is there and is no model. Name another folder.")
    text = json.dumps(full, indent=2, ensure_ascii=False) + "\n"
    try:
        _replace(folder, {**files, CARD: text.encode()})
    except OSError as error:
        raise OutputError(f"Cannot write the model {folder}: {error.strerror or error}.") from error
    return folder


def _read_card(folder: Path) -> dict[str, Any]:
    try:
        card = json.loads((folder / CARD).read_bytes())
    except OSError as error:
        raise ModelError(
            f"{folder} is not a model folder: it has no readable {CARD}. "
            "Name a folder that impasto export wrote."
        ) from error
    except ValueError as error:
        raise ModelError(
            f"{folder / CARD} is damaged ({error}). Export the model again."
        ) from error
    if not isinstance(card, dict):
        raise ModelError(f"{folder / CARD} is damaged: no table. Export the model again.")
    return card


def _check_card(card: Mapping[str, Any], which: str) -> None:
    if card.get("schema") != SCHEMA:
        raise ModelError(
            f"{which} has the schema {card.get('schema')!r}; this version of Impasto reads "
            f"{SCHEMA}. Update Impasto, or export the model again."
        )
    for field, kind in FIELDS.items():
        value = card.get(field)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise ModelError(f'{which} needs "{field}" as {kind.__name__}, got {value!r}.')
    if card["multiple"] < 1 or card["halo"] < 0:
        raise ModelError(
            f'{which} needs "multiple" of 1 or more and "halo" of 0 or more, '
            f"got {card['multiple']} and {card['halo']}."
        )


def _check_file(folder: Path, name: str, sha256: str) -> None:
    path = folder / name
    if path.parent != folder:  # a card must not reach outside its folder
        raise ModelError(f"The model {folder} lists {name!r}: only plain file names are allowed.")
    try:
        found = sha256_of(path)
    except OSError as error:
        raise ModelError(
            f"The model {folder} lacks {name}. Copy it whole, or export again."
        ) from error
    if found != sha256:
        raise ModelError(
            f"{path} is not the file that its card was written for (SHA-256 {found[:12]}, "
            f"card {str(sha256)[:12]}). Copy the model whole, or export it again."
        )


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())


def _replace(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder beside its place, then rename; the older one goes last."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    mark = os.urandom(4).hex()
    part, old = (folder.with_name(f".{folder.name}.{mark}.{kind}") for kind in ("part", "old"))
    try:
        part.mkdir()
        for name, data in files.items():
            (part / name).write_bytes(data)
        if folder.exists():
            os.replace(folder, old)
        os.replace(part, folder)
    finally:
        if old.exists() and not folder.exists():
            os.replace(old, folder)
        for left in (part, old):
            shutil.rmtree(left, ignore_errors=True)
