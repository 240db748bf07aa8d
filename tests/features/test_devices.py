"""Where torch computes: names of devices and number formats."""

import pytest
import torch

from impasto.errors import EngineError
from impasto.features import devices
from impasto.features.devices import device_of, dtype_of

CPU = torch.device("cpu")


def test_a_device_that_is_not_here_is_explained() -> None:
    with pytest.raises(EngineError, match=r'"warp" is not here.*Choose auto'):
        device_of("warp")


def test_without_a_gpu_the_processor_is_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert device_of("auto") == device_of("auto", metal=True) == device_of("cpu") == CPU


def test_the_format_is_the_processors_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "best_precision", lambda processor: "bf16")
    assert dtype_of("auto", CPU) == torch.bfloat16
    assert dtype_of("f32", CPU) == torch.float32
