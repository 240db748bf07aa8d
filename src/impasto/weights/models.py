"""Model folders: a card, graphs that engines run, and the weights that training continues from.

A model folder holds

- ``card.json``: what the model is, and the SHA-256 of every other file (schema ``model-card/1``),
- ``encode.onnx``: picture (1 3 H W) to style vector (1 V); absent where a model paints the styles
  that it was trained on, whose vectors are the rows of the identity,
- ``prepare.onnx``: thumbnail and vector to statistics (1 N), everything that is global,
- ``paint.onnx``: window and statistics to the painted window,
- ``paint_regions.onnx``: window (1 3 H W), statistics (R N) and masks (1 R H W) to the painted
  window, blended inside the network; absent where regions are blended by pixels,
- ``model.safetensors``: the weights; graphs may keep theirs in it too.
"""

import json
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from impasto.device.folders import data_folder
from impasto.errors import ModelError, OutputError, OutputExists, UsageError, did_you_mean
from impasto.weights.files import sha256_of
from impasto.weights.model_cards import CARD, SCHEMA, check_card, read_card

NEEDED = ("prepare.onnx", "paint.onnx")
SHIPPED = Path(__file__).parent.parent / "models"
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


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
        """``arbitrary`` for any style by its vector; ``style``, ``styles`` for its own alone."""
        return str(self.card["kind"])

    @property
    def styles(self) -> Sequence[Mapping[str, Any]]:
        """The style cards of the model's own styles, in the order of its vectors."""
        return tuple(self.card.get("styles", ()))

    @property
    def licence(self) -> str:
        """Who may use the model, as far as its card says."""
        return str(self.card.get("licence", ""))

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum((self.folder / name).stat().st_size for name in (CARD, *self.card["files"]))

    @property
    def sha256(self) -> str:
        """The hash of all files but the card: what paints otherwise has another."""
        return sha256_of(json.dumps(self.card["files"], sort_keys=True).encode())

    @property
    def encoder_id(self) -> str:
        """The hash of what makes the model's style vectors, which styles must match."""
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
    card = read_card(folder)
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
        card: every field of `model_cards.FIELDS`, and whatever else is worth saying; schema and
            file hashes are added.
        files: names and contents, at least ``prepare.onnx`` and ``paint.onnx``.

    Raises:
        ModelError: the card or the files are incomplete.
        OutputExists: the folder is there and holds something else than a model.
        OutputError: it cannot be written.
    """
    hashes = {name: sha256_of(data) for name, data in sorted(files.items())}
    full = {"schema": SCHEMA, **card, "files": hashes}
    check_card(full, "The model card to write")
    missing = [name for name in NEEDED if name not in files]
    if missing:
        raise ModelError(f"A model needs {' and '.join(NEEDED)}; missing: {', '.join(missing)}.")
    if folder.name in ("", ".."):
        raise OutputError(f'"{folder}" names no folder of its own for a model: -o starry')
    if folder.exists() and not (folder / CARD).is_file() and not _is_empty(folder):
        raise OutputExists(f"{folder} is there and is no model. Name another folder.")
    text = json.dumps(full, indent=2, ensure_ascii=False) + "\n"
    try:
        _replace(folder, {**files, CARD: text.encode()})
    except OSError as error:
        raise OutputError(f"Cannot write the model {folder}: {error.strerror or error}.") from error
    return folder


def user_folder() -> Path:
    """Return the folder of the user's own models; it need not exist."""
    return data_folder() / "models"


def named_models() -> dict[str, Path]:
    """Return the folders of all models that a name is enough for: the shipped and the user's."""
    folders = (path.parent for top in (SHIPPED, user_folder()) for path in top.glob(f"*/{CARD}"))
    whole = (path for path in sorted(folders) if not path.name.startswith("."))  # see _replace
    return {path.name: path for path in whole if _paints(path)}


def find_model(word: str | Path) -> Path:
    """Return the folder that a word means: a path, or the name of a shipped or own model.

    Raises ModelError with the closest name where there is none.
    """
    path, known = Path(word), named_models()
    if (path / CARD).is_file():
        return path
    if str(word) in known:
        return known[str(word)]
    if (path / "state").is_dir():
        raise ModelError(
            f'"{word}" is a run, not a model. Make a model of it: impasto export {word} -o NAME'
        )
    if path.is_dir():
        raise ModelError(
            f'"{word}" is not a model folder: it has no {CARD}. '
            "Name a folder that impasto export wrote."
        )
    raise ModelError(
        f'There is no model "{word}", neither a folder nor a name.'
        f"{did_you_mean(str(word), known)} See all names with: impasto models"
    )


def add_model(folder: Path, *, overwrite: bool = False) -> Path:
    """Copy a model to the user's own, where its name is enough, and return the copy.

    Raises UsageError for the name of a shipped model, OutputExists where there is one already.
    """
    model = open_model(folder)
    place = user_folder() / model.name
    if not NAME.fullmatch(model.name):
        raise UsageError(
            f'A model named "{model.name}" cannot be kept. Export it again under a name of '
            "lower-case letters, digits and hyphens: starry-night"
        )
    if named_models().get(model.name, place) != place:
        raise UsageError(
            f'A model "{model.name}" is shipped already. Export yours under another name.'
        )
    if place.exists() and not overwrite:
        raise OutputExists(f'You have a model "{model.name}" already. Replace it: --overwrite')
    card = {key: value for key, value in model.card.items() if key not in ("schema", "files")}
    return write_model(place, card, {n: (folder / n).read_bytes() for n in model.card["files"]})


def remove_model(name: str) -> Path:
    """Delete one of the user's own models and return where it was."""
    own = {name: path for name, path in named_models().items() if path.parent == user_folder()}
    if name not in own:
        raise ModelError(f'You have no model "{name}" of your own.{did_you_mean(name, own)}')
    try:
        shutil.rmtree(own[name])
    except OSError as error:
        raise OutputError(f"Cannot delete {own[name]}: {error.strerror or error}.") from error
    return own[name]


def _paints(folder: Path) -> bool:
    """Return whether a folder with a card is a painting model; the encoder has a card too."""
    return (folder / NEEDED[-1]).is_file()


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
