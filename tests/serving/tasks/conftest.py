"""Tasks of small pictures, as requests bring them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from skimage import data

from impasto.serving.tasks.registry import run
from impasto.serving.workers.base import Event, Outcome, Task
from impasto.weights.files import sha256_of

Make = Callable[..., Task]


class Desk:
    """Keeps uploads of a test, and does its tasks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.inputs: dict[str, Path] = {}
        self.events: list[Event] = []
        samples: Any = data  # of scikit-image, which has no types
        self.photo = self.upload(samples.astronaut()[:256:4, :384:4])  # 64 x 96
        self.painting = self.upload(samples.coffee()[::6, ::6])

    def upload(self, pixels: "np.typing.NDArray[Any]") -> str:
        """Keep a picture and return its id."""
        path = self.folder / "upload.png"
        Image.fromarray(pixels).save(path)
        return self.keep(path)

    def keep(self, path: Path) -> str:
        """Keep a file under its hash, without a suffix, as a storage does."""
        id = sha256_of(path)
        self.inputs[id] = path.rename(self.folder / id)
        return id

    def task(self, kind: str, **request: Any) -> Task:
        """Return a task of the photo."""
        asked = {"content": self.photo, **request}
        return Task("task", kind, asked, self.inputs, self.folder / "work", max_output=100_000)

    def do(self, kind: str, wish: Callable[[], Any] = lambda: "", **request: Any) -> Outcome:
        """Do a task of the photo; its events are kept."""
        return run(self.task(kind, **request), self.events.append, wish)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A photo, a painting, and what does tasks with them."""
    return Desk(tmp_path)
