"""Train a model of a client's paintings, and keep it under its name; a lost training goes on."""

import os
import shutil
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from impasto.errors import Diverged, Interrupted, TrainingError, UsageError, did_you_mean
from impasto.images.guard import kind_of
from impasto.serving.media import SUFFIXES
from impasto.serving.offered import RECIPE_NAMES
from impasto.serving.tasks.means import Means
from impasto.serving.tasks.needs import check_torch
from impasto.serving.tasks.optimization import RUN, device_of
from impasto.serving.tasks.reporter import OnEvent, Reporter, Stopped
from impasto.serving.tasks.request import ASSET, file_of, settings_from, split, words_of
from impasto.serving.workers.base import Outcome, Task
from impasto.settings.recipes import RECIPES
from impasto.settings.training import TrainingSettings
from impasto.styles.words import STYLE_SUFFIX
from impasto.weights.models import NAME, add_model, named_models
from impasto.weights.runs import RunFolder

MODEL = "model"  # the folder of what is exported, in the task's own


class _Enough(Interrupted):
    """The training is to end with what it has learned."""


def run(task: Task, on_event: OnEvent, stopped: Stopped, means: Means) -> Outcome:
    """Train, export and add a model; "finish" does so with what was learned until then."""
    begun = time.perf_counter()
    check_torch("Training")
    os.environ.setdefault("THP_MEM_ALLOC_ENABLE", "1")  # as in an optimisation
    name, folder = _name(task), task.folder / RUN
    try:
        settings = _settings(task, means)
        _train(settings, folder, Reporter(on_event, stopped, _stop, RunFolder(folder).preview))
        model = _exported(task, folder, name)
    except Diverged:
        raise
    except TrainingError as error:  # of what the request gave to learn from
        raise UsageError(str(error)) from error
    add_model(model, overwrite=True)  # by `_name` there was none before this training
    facts = {"seconds": round(time.perf_counter() - begun, 1), "model": name, **_result(folder)}
    return Outcome(tuple(_files(task, folder)), facts)


def _name(task: Task) -> str:
    """Return the name of the model; raise UsageError where it is taken, but not by this task."""
    name = str(task.request.get("name", ""))
    if not NAME.fullmatch(name):
        raise UsageError("A model's name has lower-case letters, digits and hyphens: starry-night")
    if name in named_models() and not (task.folder / MODEL).exists():
        raise UsageError(f'There is a model "{name}" already. Choose another name.')
    return name


def _settings(task: Task, means: Means) -> TrainingSettings:
    recipe = str(task.request.get("recipe", "style"))
    if recipe not in RECIPE_NAMES:
        raise UsageError(
            f'There is no recipe "{recipe[:40]}".{did_you_mean(recipe, RECIPE_NAMES)} '
            f"There are: {', '.join(RECIPE_NAMES)}."
        )
    paintings = _paintings(task)
    known: dict[str, Any] = {"device": device_of(means), "data": _photos(task, means)}
    if recipe == "style":
        if len(paintings) != 1:
            raise UsageError("The recipe style learns one painting; for several there is styles.")
        known["painting"] = str(paintings[0])
    elif recipe == "styles":
        known["paintings"] = [str(one) for one in paintings]
    elif any(isinstance(one, str) for one in paintings):
        raise UsageError("The recipe personal learns from pictures: give uploads, as asset:ID.")
    else:
        known["pictures"] = str(task.folder / "paintings")
        known["data"] = known["data"] if task.request.get("photos") or means.data else None
    return settings_from(task, RECIPES[recipe], **known)


def _paintings(task: Task) -> list[str | Path]:
    """Return names of the gallery, and files of uploads, which are copied into the task's folder.

    A model tells the names of its styles, which are those of the files.
    """
    words = words_of(task.request.get("paintings") or ())
    if not words:
        raise UsageError("Which paintings? Give names of the gallery, or uploads as asset:ID.")
    names = [split(word)[0] for word in words]
    ids = [name.removeprefix(ASSET) for name in names if name.startswith(ASSET)]
    files = dict(zip(ids, _copied(task, ids, "paintings", "painting"), strict=True))
    return [files.get(name.removeprefix(ASSET), name) for name in names]


def _photos(task: Task, means: Means) -> Path:
    """Return the folder of photos to learn on: the request's, the server's, or a handful."""
    folder = task.folder / "photos"
    if ids := task.request.get("photos"):
        _copied(task, ids, folder.name, "photo")
        return folder
    return means.data or _handful(folder)


def _copied(task: Task, ids: Iterable[str], folder: str, stem: str) -> list[Path]:
    place, result = task.folder / folder, []
    place.mkdir(exist_ok=True)
    for number, id in enumerate(ids, 1):
        path = file_of(task, id)
        with path.open("rb") as file:
            kind = kind_of(file.read(32))
        result.append(place / f"{stem}-{number}{SUFFIXES[kind.lower()] if kind else STYLE_SUFFIX}")
        shutil.copyfile(path, result[-1])
    return result


def _handful(folder: Path) -> Path:
    """Write the photos that scikit-image brings; they are few, and enough to see what comes."""
    from PIL import Image

    from impasto.training.data.own import photos

    folder.mkdir(exist_ok=True)
    pictures = photos()
    for name, pixels in zip(pictures.names, pictures, strict=True):
        Image.fromarray(pixels).save(folder / f"{Path(name).name}.png")
    return folder


def _stop() -> None:
    raise _Enough("enough")


def _train(settings: TrainingSettings, folder: Path, reporter: Reporter) -> None:
    from impasto.training.runs import Run
    from impasto.training.train import train

    saved = Run(folder).checkpoint.exists
    try:
        train(settings, folder, resume=saved(), on_progress=reporter)
    except _Enough:
        if not saved():
            raise UsageError("Nothing was learned yet that could be kept.") from None


def _exported(task: Task, folder: Path, name: str) -> Path:
    from impasto.compress.export import export_network
    from impasto.training.recipes.saved import load_network

    network, _, card = load_network(folder)
    styles = [dict(style) for style in card.get("styles", ())]
    if len(styles) == 1:
        styles[0]["name"] = name
    return export_network(
        network,
        task.folder / MODEL,
        {**card, "name": name, **({"styles": styles} if styles else {})},
    )


def _result(folder: Path) -> dict[str, Any]:
    """Return the steps that were taken, and the last measures on photos held out."""
    events = RunFolder(folder).read_events()
    held_out = [event["values"] for event in events if event["kind"] == "held-out"]
    steps = max((event["step"] for event in events), default=0)
    return {"steps": steps, **({"values": held_out[-1]} if held_out else {})}


def _files(task: Task, folder: Path) -> Iterable[Path]:
    """Give the sheet of samples, where there is one, and the model."""
    preview = RunFolder(folder).preview
    if preview.exists():
        yield Path(shutil.copyfile(preview, task.folder / "samples.jpg"))
    archive = task.folder / MODEL
    yield Path(shutil.make_archive(str(archive), "zip", task.folder, MODEL))
