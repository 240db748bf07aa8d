"""What is stored in half precision is numbers, or nothing is stored."""

import math

import pytest
import torch

from impasto.compress.graphs import half
from impasto.errors import TrainingError


def test_weights_are_stored_in_half_precision() -> None:
    stored = half({"a.weight": torch.tensor([[1.0, -65504.0]]).T})
    assert stored["a.weight"].dtype == torch.float16 and stored["a.weight"].is_contiguous()
    assert stored["a.weight"].flatten().tolist() == [1, -65504]


@pytest.mark.parametrize("value", [math.nan, math.inf, 70_000.0, -70_000.0])
def test_weights_of_a_training_that_diverged_are_refused(value: float) -> None:
    with pytest.raises(TrainingError, match=r'"a\.weight".*diverged.*--learning-rate'):
        half({"b.weight": torch.ones(2), "a.weight": torch.tensor([0.5, value])})
