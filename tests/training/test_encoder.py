"""Teaching an encoder of few channels by a random teacher, on a handful of tiny pictures."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from impasto.device.progress import Progress
from impasto.errors import OutputExists, TrainingError
from impasto.features.embedded import LAYERS, POOL, TRUNK, Embedded, EmbeddedNetwork
from impasto.settings.encoder import EncoderSettings
from impasto.training import encoder, fitting
from impasto.training.encoder import (
    UNITS,
    EncoderTrainer,
    disagreement,
    learning_rate_at,
    needed,
    rescale,
    train_encoder,
)
from impasto.training.runs import Run

TINY = EncoderSettings(steps=4, warmup=1, size=32, batch=2, painted=2, patterns=0, precision="f32")
THIN = {"relu2_1": (8, POOL, 12), "relu3_1": (8, POOL, 12), "relu3_4": (8, 8, 8)}


@pytest.fixture(autouse=True)
def thin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, widths in THIN.items():
        monkeypatch.setitem(TRUNK, name, widths)
    monkeypatch.setattr(encoder, "FITTED", 8)
    monkeypatch.setattr(fitting, "ROWS", 1000)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # sums in the same order each time
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def settings(data: Path, teacher: Path) -> EncoderSettings:
    return replace(TINY, data=data, teacher=teacher)


def test_continued_training_equals_uninterrupted_training(
    settings: EncoderSettings, tmp_path: Path
) -> None:
    def stop(event: Progress) -> None:
        if event.step == 2:
            raise KeyboardInterrupt

    train_encoder(settings, tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        train_encoder(settings, tmp_path / "parts", on_progress=stop)
    saved = Run(tmp_path / "parts").read_settings(EncoderSettings)
    assert saved == settings
    train_encoder(saved, tmp_path / "parts", resume=True)
    one, other = (Run(tmp_path / name).load() for name in ("whole", "parts"))
    assert one["step"] == other["step"] == 4
    for part in ("average", "painted", "optimizer"):
        for name, tensor in one[part].items():
            assert torch.equal(tensor, other[part][name]), f"{part} {name}"


def test_the_export_answers_in_the_units_of_the_teacher(
    settings: EncoderSettings, tmp_path: Path
) -> None:
    folder = train_encoder(replace(settings, steps=1), tmp_path / "run")
    network = EmbeddedNetwork()
    network.load_state_dict(Run(folder).load()["average"])
    picture = torch.rand(1, 3, 32, 32)
    ours, shipped = (
        e(picture, LAYERS)
        for e in (Embedded(network), Embedded.open(folder / "encoder.safetensors"))
    )
    for name in LAYERS:
        error = (shipped[name] - ours[name] * UNITS[name]).norm() / shipped[name].norm()
        assert error < 0.01  # the file is in half precision


def test_the_first_layer_is_the_teachers(settings: EncoderSettings) -> None:
    trainer = EncoderTrainer(settings)
    trainer.begin()
    picture = torch.rand(1, 3, 16, 16)
    wanted = trainer.teacher(picture, LAYERS[:1])["relu1_1"] / UNITS["relu1_1"]
    torch.testing.assert_close(trainer.average(picture, LAYERS[:1])["relu1_1"], wanted)


def test_training_starts_from_an_export_and_goes_on_learning(
    settings: EncoderSettings, tmp_path: Path
) -> None:
    folder = train_encoder(settings, tmp_path / "run")
    start = replace(settings, start=folder / "encoder.safetensors", learning_rate=3e-3, steps=20)
    trainer = EncoderTrainer(start)
    trainer.begin()
    before = Run(folder).load()["average"]
    for name, tensor in trainer.student.network.state_dict().items():
        torch.testing.assert_close(tensor, before[name], atol=1e-3, rtol=2e-3)
    terms = [trainer.train_step() for _ in range(20)]
    first, last = (sum(sum(t.values()) for t in part) for part in (terms[:5], terms[-5:]))
    assert last < first


def test_disagreement_is_nothing_with_oneself() -> None:
    features = {"relu2_1": torch.rand(2, 4, 8, 8), "half relu2_1": torch.rand(2, 4, 4, 4)}
    assert all(value == 0 for value in disagreement(features, features).values())
    silent = {name: torch.zeros_like(x) for name, x in features.items()}
    assert 0.9 < disagreement(silent, features)["features"] <= 1


def test_rescaling_there_and_back_changes_nothing() -> None:
    network, picture = EmbeddedNetwork(), torch.rand(1, 3, 16, 16)
    before = Embedded(network)(picture, LAYERS)
    rescale(network, UNITS)
    scaled = Embedded(network)(picture, LAYERS)
    for name in LAYERS:
        torch.testing.assert_close(scaled[name], before[name] * UNITS[name], rtol=1e-4, atol=1e-3)
    rescale(network, {name: 1 / unit for name, unit in UNITS.items()})
    torch.testing.assert_close(Embedded(network)(picture, LAYERS), before)


def test_the_learning_rate_rises_and_falls() -> None:
    settings = replace(TINY, steps=100, warmup=10)
    rates = [learning_rate_at(settings, step) for step in range(100)]
    assert rates[0] < rates[9] > rates[50] > rates[99] > 0


def test_what_is_missing_is_named(settings: EncoderSettings, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="--teacher"):
        train_encoder(replace(settings, teacher=None), tmp_path / "run")
    assert not (tmp_path / "run").exists()
    with pytest.raises(TrainingError, match="--resume"):
        train_encoder(settings, tmp_path / "run", resume=True)


def test_data_and_teacher_are_needed(tmp_path: Path) -> None:
    assert needed(tmp_path, tmp_path) == (tmp_path, tmp_path)
    with pytest.raises(TrainingError, match="--data"):
        needed(None, tmp_path)
    with pytest.raises(TrainingError, match="--teacher"):
        needed(tmp_path, None)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows locks no folders")
def test_two_do_not_teach_in_one_folder(settings: EncoderSettings, tmp_path: Path) -> None:
    with Run(tmp_path / "run").held(), pytest.raises(OutputExists, match="another process"):
        train_encoder(settings, tmp_path / "run")
    assert not (tmp_path / "run" / "settings.toml").exists()
