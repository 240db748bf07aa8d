"""A whole training in seconds: it continues exactly, leaves what it should, and says what is wrong.

The recipe is `style`; those of the others are tested beside them.
"""

import errno
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from impasto.device.progress import Progress
from impasto.errors import Interrupted, OutputError, TrainingError
from impasto.settings.recipe_files import read_recipe
from impasto.settings.recipes import StyleSettings
from impasto.training.runs import Run
from impasto.training.train import train

pytestmark = pytest.mark.usefixtures("one_thread")


class Killed(BaseException):
    """What no handler hears of, as kill -9."""


@pytest.fixture
def settings(data: Path, painting: Path) -> StyleSettings:
    return StyleSettings(
        data=data / "content",
        painting=str(painting),
        width=0.125,
        steps=5,
        warmup=1,
        size=32,
        last_size=48,
        batch=2,
        held_out=1,
        sample_every=2,
        save_every=2,
        workers=1,
        precision="f32",
    )


def losses(folder: Path, kind: str) -> list[tuple[int, dict[str, float]]]:
    """Return what a run told of its losses, without what depends on the clock."""
    lines = (json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines())
    timed = ("pictures_per_second", "waiting")
    return [
        (line["step"], {name: v for name, v in line["values"].items() if name not in timed})
        for line in lines
        if line["kind"] == kind
    ]


def test_a_killed_run_continues_bit_for_bit(settings: StyleSettings, tmp_path: Path) -> None:
    def kill(event: Progress) -> None:
        if event.step == 3:
            raise Killed

    whole = train(settings, tmp_path / "whole")
    with pytest.raises(Killed):
        train(settings, tmp_path / "parts", on_progress=kill)
    assert Run(tmp_path / "parts").load()["step"] == 2
    again = read_recipe(tmp_path / "parts" / "settings.toml")
    parts = train(again, tmp_path / "parts", resume=True)
    assert again == settings and parts.values == whole.values
    for kind in ("train", "held-out"):
        assert losses(tmp_path / "parts", kind) == losses(tmp_path / "whole", kind)
    one, other = (Run(tmp_path / name).load() for name in ("whole", "parts"))
    assert one["step"] == other["step"] == 5
    for part in ("network", "average"):
        for name, weights in one[part].items():
            assert torch.equal(weights, other[part][name]), name


def test_a_stop_saves_the_step_that_was_taken(settings: StyleSettings, tmp_path: Path) -> None:
    def stop(event: Progress) -> None:
        if event.step == 3:
            raise Interrupted("stopped")

    with pytest.raises(Interrupted):
        train(settings, tmp_path / "run", on_progress=stop)
    assert Run(tmp_path / "run").load()["step"] == 3


def test_a_run_leaves_all_that_is_told_of_it(settings: StyleSettings, tmp_path: Path) -> None:
    result = train(settings, tmp_path / "run")
    assert result.step == 5 and result.values["style"] > 0
    assert json.loads((tmp_path / "run" / "result.json").read_text()) == {
        "step": 5,
        "values": dict(result.values),
    }
    with Image.open(tmp_path / "run" / "preview.jpg") as preview:
        assert preview.width > 0
    # continued when it is over, it says the same
    assert train(settings, tmp_path / "run", resume=True) == result


def test_training_lowers_the_loss(settings: StyleSettings, tmp_path: Path) -> None:
    events: list[Progress] = []
    train(
        replace(settings, steps=12, learning_rate=1e-2, schedule="constant", last_size=32),
        tmp_path / "run",
        on_progress=events.append,
    )
    told = [event.values["loss"] for event in events if event.kind == "train"]
    assert told[-1] < 0.7 * told[0]


def test_time_ends_a_training_that_steps_do_not(settings: StyleSettings, tmp_path: Path) -> None:
    result = train(replace(settings, steps=10**6, budget="0.2s"), tmp_path / "run")
    assert 0 < result.step < 10**6
    assert Run(tmp_path / "run").load()["spent"] >= 0.2


def test_a_batch_in_parts_is_the_same_batch(settings: StyleSettings, tmp_path: Path) -> None:
    whole = train(replace(settings, steps=2), tmp_path / "whole")
    parts = train(replace(settings, steps=2, accumulate=2), tmp_path / "parts")
    assert parts.values == pytest.approx(whole.values, rel=1e-4)


def test_other_pictures_cannot_continue_a_run(
    settings: StyleSettings, data: Path, tmp_path: Path
) -> None:
    train(replace(settings, steps=2), tmp_path / "run")
    before = (tmp_path / "run" / "state" / "last.pt").read_bytes()
    Image.new("RGB", (50, 50), "red").save(data / "content" / "new.png")
    Image.new("RGB", (50, 50), "blue").save(data / "content" / "newer.png")
    with pytest.raises(TrainingError, match="pictures are not those"):
        train(settings, tmp_path / "run", resume=True)
    assert (tmp_path / "run" / "state" / "last.pt").read_bytes() == before


def test_another_network_cannot_continue_a_run(settings: StyleSettings, tmp_path: Path) -> None:
    train(replace(settings, steps=1), tmp_path / "run")
    with pytest.raises(TrainingError, match="own settings"):
        train(replace(settings, width=0.25), tmp_path / "run", resume=True)


def test_a_full_disk_leaves_the_last_state(
    settings: StyleSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(replace(settings, steps=2), tmp_path / "run")
    saved = (tmp_path / "run" / "state" / "last.pt").read_bytes()

    def full(file: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("impasto.weights.files.os.fsync", full)
    run = Run(tmp_path / "run")
    with pytest.raises(OutputError, match=r"No space left.*continue with --resume"):
        run.save({"step": 3})
    assert run.checkpoint.read_bytes() == saved and run.load()["step"] == 2
    assert [path.name for path in run.state.iterdir()] == ["last.pt"]


def test_an_existing_run_is_not_overwritten(settings: StyleSettings, tmp_path: Path) -> None:
    train(replace(settings, steps=1), tmp_path / "run")
    with pytest.raises(TrainingError, match="--resume"):
        train(settings, tmp_path / "run")


def test_a_run_that_is_not_there_cannot_continue(settings: StyleSettings, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="without --resume"):
        train(settings, tmp_path / "none", resume=True)


@pytest.mark.parametrize(
    ("change", "words"),
    [({"data": None}, "--data FOLDER"), ({"painting": None}, "Which painting")],
)
def test_what_is_missing_is_named(
    settings: StyleSettings, tmp_path: Path, change: dict[str, Any], words: str
) -> None:
    with pytest.raises(TrainingError, match=words):
        train(replace(settings, **change), tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_loss_that_is_no_number_ends_it(
    settings: StyleSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = torch.tensor(float("nan"))
    monkeypatch.setattr("impasto.losses.perceptual.total_variation", lambda picture: nothing)
    with pytest.raises(TrainingError, match="not a number at step 0"):
        train(settings, tmp_path / "run")
