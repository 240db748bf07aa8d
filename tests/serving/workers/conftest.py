"""Executors whose tasks go wrong when they are told to."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from impasto.serving.tasks import registry, reporter
from impasto.serving.workers.base import Task

HERE = Path(__file__).parent
Make = Callable[..., Task]


@pytest.fixture(autouse=True)
def trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process and its workers know the tasks of ``trouble.py``."""
    known = [str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(known))
    monkeypatch.syspath_prepend(str(HERE))
    monkeypatch.setitem(registry.KINDS, "trouble", "trouble")
    monkeypatch.setattr(reporter, "EVERY_S", reporter.EVERY_S)  # which a task changes


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Make tasks that do something, each with a folder of its own."""
    made: list[str] = []

    def make(do: str, *, lane: str = "short", limit_s: float = 60.0, **request: Any) -> Task:
        id = f"task-{len(made)}"
        made.append(id)
        asked: Mapping[str, Any] = {"do": do, **request}
        return Task(id, "trouble", asked, {}, tmp_path / id, lane, limit_s)  # type: ignore[arg-type]

    return make
