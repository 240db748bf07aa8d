"""TensorBoard's event files of a run, in its folder: ``tensorboard --logdir RUN``."""

import contextlib
import importlib.util
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from impasto.images.transparency import Bytes

if TYPE_CHECKING:
    from torch.utils.tensorboard.writer import SummaryWriter

# Losses by their name; these have groups of their own.
GROUPS = {
    "learning_rate": "speed",
    "pictures_per_second": "speed",
    "waiting": "speed",
    "batch": "speed",
    "size": "speed",
    "checkerboard": "quality",
    "clipped": "quality",
    "style_left": "quality",
}


class Board:
    """What TensorBoard shows of a run; writes nothing where its package is not installed,
    and no more where the disk is full.

    Args:
        folder: of the run.
        first: the step that the run is continued from; what an earlier process wrote of later steps
            is hidden.
    """

    def __init__(self, folder: Path, first: int = 0) -> None:
        self._writer: SummaryWriter | None = None
        if importlib.util.find_spec("tensorboard") is not None:
            from torch.utils.tensorboard.writer import SummaryWriter as Writer

            with contextlib.suppress(OSError):
                self._writer = Writer(str(folder), purge_step=first + 1, flush_secs=10)

    def scalars(self, group: str, step: int, values: Mapping[str, float]) -> None:
        """Add numbers, as ``GROUP/NAME``."""

        def write(writer: "SummaryWriter") -> None:
            for name, value in values.items():
                writer.add_scalar(f"{GROUPS.get(name, group)}/{name}", value, step)

        self._write(write)

    def picture(self, step: int, picture: Bytes) -> None:
        """Add a grid of samples, uint8 H W 3."""
        self._write(lambda writer: writer.add_image("samples", picture, step, dataformats="HWC"))
        self._write(lambda writer: writer.flush())

    def words(self, step: int, words: str) -> None:
        """Add what is told in words."""
        self._write(lambda writer: writer.add_text("verdicts", words, step))

    def close(self) -> None:
        """Write what is left."""
        self._write(lambda writer: writer.close())

    def _write(self, write: "Callable[[SummaryWriter], None]") -> None:
        """Write, until that cannot be: of a full disk the files of the run itself tell."""
        if self._writer is not None:
            try:
                write(self._writer)
            except OSError:
                self._writer = None
