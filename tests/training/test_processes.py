"""Two processes that train together get what one gets alone."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from impasto.settings.recipe_files import to_recipe
from impasto.settings.recipes import StylesSettings
from impasto.settings.training import TrainingSettings
from impasto.training.runs import Run
from impasto.training.train import Result, train

pytestmark = pytest.mark.usefixtures("one_thread")

OTHER = """
import sys
from pathlib import Path
import torch
from impasto.settings.recipe_files import read_recipe
from impasto.training.runs import Run
from impasto.training.train import train
torch.set_num_threads(1)
train(read_recipe(Path(sys.argv[1])), Path(sys.argv[2]))
"""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def train_in_two(
    settings: TrainingSettings, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Result:
    """Train as torchrun would: this process is the first, and writes; another one helps."""
    recipe = folder.with_suffix(".toml")
    recipe.write_text(to_recipe(settings))
    known = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free_port()), "WORLD_SIZE": "2"}
    words = [sys.executable, "-c", OTHER, str(recipe), str(folder)]
    helper = subprocess.Popen(words, env={**os.environ, **known, "RANK": "1"})
    try:
        for name, value in {**known, "RANK": "0"}.items():
            monkeypatch.setenv(name, value)
        result = train(settings, folder)
        assert helper.wait(60) == 0
    finally:
        helper.kill()
        helper.wait()
    return result


def test_two_processes_lose_what_one_does(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = StylesSettings(
        data=data / "content",
        paintings=(str(data / "style"),),
        width=0.125,
        steps=3,
        warmup=1,
        learning_rate=1e-4,  # steps of Adam grow from rounding where gradients are nearly nothing
        size=32,
        last_size=32,
        batch=3,
        accumulate=2,
        held_out=2,
        sample_every=3,
        workers=1,
        precision="f32",
        device="cpu",
    )
    alone = train(settings, tmp_path / "alone")
    together = train_in_two(settings, tmp_path / "together", monkeypatch)
    assert together.step == alone.step == 3
    assert together.values == pytest.approx(alone.values, rel=1e-4)
    one, two = (
        next(event for event in Run(folder).read_events() if event["kind"] == "train")["values"]
        for folder in (alone.folder, together.folder)
    )
    for name in together.values:  # the losses of the steps themselves
        assert two[name] == pytest.approx(one[name], rel=1e-4, abs=1e-6)
