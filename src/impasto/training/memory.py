"""Keeps a training within the machine's memory: by going through a batch in more parts."""

from collections.abc import Callable
from typing import TypeVar

import torch

from impasto.device.memory import headroom
from impasto.errors import TrainingError

T = TypeVar("T")

SHORT = 0.05  # share of the memory that should stay free
PATIENCE = 20  # steps until what a change did for the memory is looked at
FULL = ("out of memory", "can't allocate memory", "not enough memory")  # what torch says


class Guard:
    """Runs steps in `parts`; where memory is short it doubles them, which leaves the result.

    `said` is what there is to tell a person of it, until it is taken. Of processes that share steps
    one alone cannot run a step again: the others wait for what it shares with them once.
    """

    def __init__(self, parts: int, *, shared: bool = False) -> None:
        self.parts, self.said = parts, ""
        self._shared = shared
        self._wait = 0

    def run(self, step: Callable[[int], T], most: int) -> T:
        """Return ``step(parts)``, again with more parts, `most` at most, where memory is full.

        Raises TrainingError where it does not do for the smallest part, or processes share steps.
        """
        while True:
            try:
                result = step(self.parts)
            except (MemoryError, RuntimeError) as error:
                if not _is_full(error):
                    raise
                if self._shared:
                    raise TrainingError(
                        "The memory of one of the processes is full. Continue with --resume and a "
                        f"lower --batch, or with --accumulate {2 * self.parts}."
                    ) from error
                if self.parts >= most:
                    raise TrainingError(
                        "The memory does not do for a single crop. Lower --last-size or --width."
                    ) from error
            else:
                self._look(most)
                return result
            self._double()

    def _look(self, most: int) -> None:
        """Use less before the system kills what uses most."""
        self._wait -= 1
        if self.parts < most and self._wait <= 0:
            left = headroom()
            if left is not None and left < SHORT:
                self._double()

    def _double(self) -> None:
        self.parts, self._wait = 2 * self.parts, PATIENCE
        self.said = (
            f"Memory is short: from now on the crops of a step are gone through in {self.parts} "
            "parts. That is slower, and the result is the same."
        )
        if torch.cuda.is_available():
            torch.cuda.empty_cache()


def _is_full(error: BaseException) -> bool:
    return isinstance(error, MemoryError) or any(words in str(error).lower() for words in FULL)
