"""Batches drawn ahead by threads, so that a training does not wait for its data."""

import itertools
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Generic, Self, TypeVar

T = TypeVar("T")


class Loader(Generic[T]):
    """Iterates ``draw(first)``, ``draw(first + 1)``, ... in order, up to ``draw(last - 1)``.

    What `draw` raises is raised here, at the place of its number. Pillow and NumPy let threads
    work at the same time.

    Args:
        draw: returns what belongs to a number; is called by several threads at once, so it must
            depend on the number alone.
        last: the number to stop before; without it there is no end.
        workers: threads; 0 draws in the thread that asks.
        ahead: how many are drawn before they are asked for.

    >>> with Loader(lambda step: step * step, 3, workers=2, ahead=2) as loader:
    ...     [next(loader) for _ in range(3)]
    [9, 16, 25]
    """

    def __init__(
        self,
        draw: Callable[[int], T],
        first: int = 0,
        last: int | None = None,
        *,
        workers: int = 1,
        ahead: int = 2,
    ) -> None:
        self.waited = 0.0  # seconds that the consumer waited so far
        self._draw = draw
        self._numbers = iter(itertools.count(first) if last is None else range(first, last))
        self._ahead = max(1, ahead)
        self._pool = ThreadPoolExecutor(workers, "loader") if workers > 0 else None
        self._drawn: deque[Future[T]] = deque()

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        """Return the next one, as soon as it is there."""
        began = time.perf_counter()
        try:
            if self._pool is None:
                return self._draw(next(self._numbers))
            # One more than is kept ahead, before waiting: so that no thread rests meanwhile.
            for number in itertools.islice(self._numbers, self._ahead + 1 - len(self._drawn)):
                self._drawn.append(self._pool.submit(self._draw, number))
            if not self._drawn:
                raise StopIteration
            return self._drawn.popleft().result()
        finally:
            self.waited += time.perf_counter() - began

    def close(self) -> None:
        """Draw no more; what is being drawn now ends by itself and is not waited for."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
        self._drawn.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
