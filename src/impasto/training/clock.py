"""How far a training is: by its steps, or by its time where that ends first."""

import time
from collections.abc import Callable


class Clock:
    """Counts the time of a training, also over several sittings.

    Args:
        steps: the training ends with this one.
        budget: or after so many seconds.
        spent: seconds of earlier sittings.
        agreed: makes a number the same in all processes that train together.
    """

    def __init__(
        self,
        steps: int,
        budget: float | None = None,
        spent: float = 0.0,
        agreed: Callable[[float], float] = float,
    ) -> None:
        self.steps, self.budget = steps, budget
        self._spent, self._agreed = spent, agreed
        self._begun = time.monotonic()
        self._first: tuple[int, float] | None = None  # a step, and when it was done
        self._by_time = (-1, 0.0)  # after which step, how much

    def begin(self) -> None:
        """Count this sitting from now on, so that setting up takes nothing of the budget."""
        self._begun = time.monotonic()

    @property
    def spent(self) -> float:
        """Seconds so far."""
        return self._spent + time.monotonic() - self._begun

    def done(self, step: int) -> float:
        """Return how much of the training is over after so many steps, from 0 to 1.

        The time is looked at once for each step.
        """
        if self.budget is not None and self._by_time[0] != step:
            self._by_time = step, self._agreed(self.spent / self.budget)
        return min(1.0, max(step / self.steps, self._by_time[1]))

    def eta(self, step: int) -> float:
        """Return the seconds that are left, by the pace of this sitting."""
        now = time.monotonic()
        first, begun = self._first = self._first or (step, now)
        if step <= first:
            return 0.0 if self.budget is None else max(0.0, self.budget - self.spent)
        pace = (now - begun) / (step - first)
        by_steps = pace * max(0, self.steps - step)
        return by_steps if self.budget is None else min(by_steps, max(0, self.budget - self.spent))

    def total(self, step: int) -> int:
        """Return how many steps there will be, as far as is known after this one."""
        done = self.done(step)
        return self.steps if done <= step / self.steps else max(step, round(step / done))
