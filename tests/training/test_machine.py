"""Where a training runs."""

import torch

from impasto.settings.training import TrainingSettings
from impasto.training.machine import Machine, joined

CPU = torch.device("cpu")


def test_autocast_changes_the_format_where_it_is_half() -> None:
    x = torch.ones(2, 2)
    for dtype in (torch.bfloat16, torch.float32):
        with Machine(CPU, dtype).autocast():
            assert (x @ x).dtype == dtype


def test_one_process_agrees_with_itself() -> None:
    with joined(TrainingSettings(device="cpu")) as alone:
        assert (alone.rank, alone.count) == (0, 1) and alone.agreed(0.3) == 0.3
        assert alone.summed(torch.ones(2)).tolist() == [1, 1]
