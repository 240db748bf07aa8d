"""A painting is finished if it is whole and of this photo, style and settings; parts are swept."""

import os
import subprocess
import sys
from copy import copy
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from impasto.batch.finished import is_finished, sweep
from impasto.batch.tasks import Task
from impasto.batch.work import paint
from impasto.errors import OutputExists
from impasto.methods.fast import FastStylizer
from impasto.settings.stylize import StylizeSettings

STYLE = "starry-night"


@pytest.fixture
def task(stylizer: FastStylizer, shots: Path, tmp_path: Path) -> Task:
    """One picture to paint."""
    settings = StylizeSettings(style=(STYLE,))
    return Task(shots / "a.png", tmp_path / "a.png", stylizer.style([STYLE]), settings)


def test_a_painting_is_finished_once_it_is_there(stylizer: FastStylizer, task: Task) -> None:
    assert not is_finished(task, stylizer)
    list(paint(stylizer, [task]))
    assert is_finished(task, stylizer)
    assert not is_finished(replace(task, output=task.picture), stylizer)


@pytest.mark.parametrize("change", ["photo", "settings", "style"])
def test_what_was_painted_otherwise_is_not_finished(
    stylizer: FastStylizer, task: Task, change: str
) -> None:
    list(paint(stylizer, [task]))
    if change == "photo":
        with Image.open(task.picture) as image:
            image.rotate(180).save(task.picture)
    settings = StylizeSettings(style=(STYLE,), strength=0.5 if change == "settings" else 1)
    style = stylizer.style(["great-wave" if change == "style" else STYLE])
    changed = replace(task, settings=settings, style=style)
    (refused,) = paint(stylizer, [changed], resume=True)
    assert isinstance(refused.error, OutputExists)
    assert "--resume --overwrite" in str(refused.error)
    (painted,) = paint(stylizer, [changed], resume=True, overwrite=True)
    assert painted.status == "painted"
    (skipped,) = paint(stylizer, [changed], resume=True, overwrite=True)
    assert skipped.status == "skipped"


def test_a_model_trained_anew_under_its_old_name_paints_anew(
    stylizer: FastStylizer, task: Task
) -> None:
    list(paint(stylizer, [task]))
    card, anew = stylizer.model.card, copy(stylizer)
    files = {**card["files"], "model.safetensors": "0" * 64}
    anew.model = replace(stylizer.model, card={**card, "files": files})
    assert is_finished(task, stylizer) and not is_finished(task, anew)


def test_part_files_of_dead_processes_are_swept_and_others_stay(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    dead = tmp_path / f".a.png.{ended.pid}.part"
    alive = tmp_path / f".a.png.{os.getppid()}.part"
    strange = tmp_path / f".other.png.{ended.pid}.part"
    for path in (dead, alive, strange):
        path.touch()
    sweep([tmp_path / "a.png"])
    assert [path.exists() for path in (dead, alive, strange)] == [False, True, True]
