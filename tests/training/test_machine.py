"""Where a training runs."""

import pytest
import torch

from impasto.errors import TrainingError
from impasto.settings.training import TrainingSettings
from impasto.training import machine
from impasto.training.machine import Machine, device_of, dtype_of, joined

CPU = torch.device("cpu")


def test_what_is_not_here_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert device_of("auto") == device_of("cpu") == CPU
    for name in ("cuda", "mps"):
        with pytest.raises(TrainingError, match=f"torch finds no {name} here"):
            device_of(name)


def test_the_format_is_the_processors_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "best_precision", lambda processor: "bf16")
    assert dtype_of("auto", CPU) == torch.bfloat16
    assert dtype_of("f32", CPU) == torch.float32


def test_autocast_changes_the_format_where_it_is_half() -> None:
    x = torch.ones(2, 2)
    for dtype in (torch.bfloat16, torch.float32):
        with Machine(CPU, dtype).autocast():
            assert (x @ x).dtype == dtype


def test_one_process_agrees_with_itself() -> None:
    with joined(TrainingSettings(device="cpu")) as alone:
        assert (alone.rank, alone.count) == (0, 1) and alone.agreed(0.3) == 0.3
        assert alone.summed(torch.ones(2)).tolist() == [1, 1]
