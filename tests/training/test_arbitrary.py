"""Training on a handful of tiny pictures with a random loss network."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PIL import Image
from safetensors.torch import save

from impasto.device.progress import Progress
from impasto.errors import ModelError, TrainingError
from impasto.methods.fast import SHIPPED
from impasto.settings.arbitrary import ArbitrarySettings
from impasto.training.arbitrary import (
    learning_rate_at,
    load_weights,
    stage_at,
    train,
)
from impasto.training.runs import Run
from impasto.weights.model_cards import FIELDS
from impasto.weights.models import open_model, write_model

TINY = ArbitrarySettings(steps=4, warmup=1, size=32, batch=2, patterns=0, precision="f32")


def test_continued_training_equals_uninterrupted_training(
    data: Path, teacher: Path, tmp_path: Path
) -> None:
    def stop(event: Progress) -> None:
        raise KeyboardInterrupt

    train(replace(TINY, data=data, teacher=teacher), tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        train(
            replace(TINY, data=data, teacher=teacher), tmp_path / "parts", on_progress=stop, every=2
        )
    assert Run(tmp_path / "parts").load()["step"] == 2
    settings = Run(tmp_path / "parts").read_settings(ArbitrarySettings)
    train(settings, tmp_path / "parts", resume=True)
    one, other = (Run(tmp_path / name).load() for name in ("whole", "parts"))
    assert one["step"] == other["step"] == 4
    for name, weights in one["average"].items():
        torch.testing.assert_close(weights, other["average"][name])


def test_a_run_leaves_settings_events_and_a_preview(
    data: Path, teacher: Path, tmp_path: Path
) -> None:
    events: list[Progress] = []
    folder = train(
        replace(TINY, data=data, teacher=teacher),
        tmp_path / "run",
        on_progress=events.append,
        every=2,
    )
    assert Run(folder).read_settings(ArbitrarySettings) == replace(TINY, data=data, teacher=teacher)
    lines = (folder / "events.jsonl").read_text().splitlines()
    assert [json.loads(line)["step"] for line in lines] == [e.step for e in events] == [2, 4]
    assert events[0].values["style"] > 0 and events[-1].eta_s == 0
    with Image.open(folder / "preview.jpg") as preview:
        assert preview.width > 0


def test_training_lowers_the_loss(data: Path, teacher: Path, tmp_path: Path) -> None:
    events: list[Progress] = []
    settings = replace(TINY, steps=10, learning_rate=3e-3)
    train(
        replace(settings, data=data, teacher=teacher),
        tmp_path / "run",
        on_progress=events.append,
        every=2,
    )
    assert events[-1].values["style"] < 0.7 * events[0].values["style"]


def test_an_existing_run_is_not_overwritten(data: Path, teacher: Path, tmp_path: Path) -> None:
    settings = replace(TINY, steps=1)
    train(replace(settings, data=data, teacher=teacher), tmp_path / "run")
    with pytest.raises(TrainingError, match="--resume"):
        train(replace(settings, data=data, teacher=teacher), tmp_path / "run")


def test_a_run_that_is_not_there_cannot_continue(data: Path, teacher: Path, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="without --resume"):
        train(replace(TINY, data=data, teacher=teacher), tmp_path / "none", resume=True)


def test_a_folder_without_pictures_is_explained(teacher: Path, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="'content'"):
        train(replace(TINY, data=tmp_path, teacher=teacher), tmp_path / "run")


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="--data"):
        train(TINY, tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_training_starts_from_the_weights_of_a_model(
    data: Path, teacher: Path, tmp_path: Path
) -> None:
    settings = replace(TINY, data=data, teacher=teacher, start=SHIPPED, steps=1, learning_rate=0.0)
    train(settings, tmp_path / "run")
    average = Run(tmp_path / "run").load()["average"]
    for name, weights in load_weights(SHIPPED).items():
        torch.testing.assert_close(average[name], weights)


def test_a_model_of_another_shape_is_no_start(data: Path, teacher: Path, tmp_path: Path) -> None:
    card = {key: open_model(SHIPPED).card[key] for key in FIELDS}
    weights = save({"one": torch.zeros(1)})
    files = {"prepare.onnx": b"", "paint.onnx": b"", "model.safetensors": weights}
    other = write_model(tmp_path / "other", card, files)
    with pytest.raises(ModelError, match="no painter of this shape"):
        train(replace(TINY, data=data, teacher=teacher, start=other), tmp_path / "run")


def test_crops_grow_and_the_learning_rate_rises_and_falls() -> None:
    settings = ArbitrarySettings(steps=1000, warmup=100)
    assert [stage_at(settings, s).size for s in (0, 599, 600, 850, 999)] == [
        128,
        128,
        192,
        256,
        256,
    ]
    rates = [learning_rate_at(settings, s) for s in (0, 99, 500, 999)]
    assert rates[0] < rates[1] > rates[2] > rates[3] > 0
    assert all(stage_at(settings, s).batch % 2 == 0 for s in range(0, 1000, 50))
