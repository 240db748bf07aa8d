"""The monitor writes events, samples and TensorBoard's files, and says each verdict once."""

from pathlib import Path

import pytest
import torch
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from impasto.device.progress import Progress
from impasto.settings.training import TrainingSettings
from impasto.training.watch.board import Board
from impasto.training.watch.monitor import Monitor, Unpainted
from impasto.training.watch.verdicts import RECENT
from impasto.weights.runs import RunFolder

SETTINGS = TrainingSettings()
PHOTOS = torch.rand(2, 3, 32, 32, generator=torch.Generator().manual_seed(0))
TERMS = {"loss": 1.15, "style": 0.2, "content": 0.5}


def trained(step: int, loss: float = 1.0) -> Progress:
    return Progress("train", step, 100, 5.0, {"loss": loss, "learning_rate": 1e-3})


def kinds(run: RunFolder) -> list[str]:
    return [event["kind"] for event in run.read_events()]


def test_a_run_is_told_to_its_folder_and_to_tensorboard(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    monitor = Monitor(run, SETTINGS, unpainted={"style": 2.0})
    monitor.losses(trained(10))
    monitor.samples(10, 0.5, PHOTOS, [PHOTOS, PHOTOS], TERMS, [torch.ones(3, 40, 20)] * 2)
    monitor.close()
    assert kinds(run) == ["train", "held-out"]
    told = run.read_events()[1]
    values = told["values"]
    assert TERMS.items() <= values.items()
    assert values["checkerboard"] == 0 and values["clipped"] == 0
    assert values["style_left"] == pytest.approx(0.1)
    with Image.open(tmp_path / "samples" / "000010.jpg") as sheet:
        assert sheet.size == (3 * 32, 3 * 32)
    assert Path(told["preview"]).read_bytes() == run.preview.read_bytes()
    seen = EventAccumulator(str(tmp_path)).Reload()
    assert {"train/loss", "speed/learning_rate", "held-out/style"} <= set(seen.Tags()["scalars"])
    assert seen.Scalars("quality/style_left")[0].value == pytest.approx(0.1)
    assert seen.Tags()["images"] == ["samples"]


def test_a_verdict_is_said_when_it_begins_and_when_it_is_over(tmp_path: Path) -> None:
    heard: list[Progress] = []
    run = RunFolder(tmp_path)
    monitor = Monitor(run, SETTINGS, on_progress=heard.append)
    monitor.losses(trained(10))
    white = [torch.ones_like(PHOTOS)]
    for step, painted in ((20, white), (30, white), (40, [PHOTOS])):
        monitor.samples(step, 0.5, PHOTOS, painted, TERMS)
    monitor.close()
    assert [(said.kind, said.step) for said in heard] == [("verdict", 20), ("verdict", 40)]
    assert "saturated" in heard[0].words and "range_weight from 5 to 10" in heard[0].words
    assert heard[1].words == "step 40: no longer saturated."
    seen = EventAccumulator(str(tmp_path)).Reload()
    assert len(seen.Tensors("verdicts/text_summary")) == 2


def test_a_continued_run_remembers_what_was_said(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    monitor = Monitor(run, SETTINGS)
    for step in range(1, 21):
        monitor.losses(trained(step, 1.0 if step <= RECENT else 9.0))
    monitor.close()
    told = kinds(run)
    assert told.count("verdict") == 1
    again = Monitor(run, SETTINGS, first=20)
    again.losses(trained(21, 9.0))
    again.close()
    assert kinds(run) == [*told, "train"]


def test_a_white_painting_may_be_painted_white(tmp_path: Path) -> None:
    monitor = Monitor(RunFolder(tmp_path), SETTINGS)
    ones = torch.ones_like(PHOTOS)
    monitor.samples(1, 1.0, PHOTOS, [ones], TERMS, [ones[0]])
    monitor.close()
    assert kinds(RunFolder(tmp_path)) == ["held-out"]


def test_without_tensorboard_a_run_is_told_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    board = Board(tmp_path)
    board.scalars("train", 1, {"loss": 1.0})
    board.words(1, "said")
    board.close()
    assert not list(tmp_path.iterdir())


def test_painting_nothing_leaves_the_photos() -> None:
    nothing = Unpainted()
    assert nothing(PHOTOS, nothing.encode(PHOTOS)) is PHOTOS


def test_a_full_disk_ends_the_board_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    board = Board(tmp_path)
    board.words(1, "said")
    writer = board._writer
    assert writer is not None

    def full(*words: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writer, "add_scalar", full)
    board.scalars("train", 2, {"loss": 1.0, "style": 1.0})
    board.words(3, "not said")
    board.close()
    writer.close()
    seen = EventAccumulator(str(tmp_path)).Reload()
    assert [event.step for event in seen.Tensors("verdicts/text_summary")] == [1]
