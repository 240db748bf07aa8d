"""What changes over a training: the size of crops, how many there are, the learning rate."""

import math
from dataclasses import dataclass

from impasto.settings.training import TrainingSettings

LEAST = 0.01  # of the learning rate, at the end of a cosine
DROPS = (0.6, 0.85)  # of the training, where a stepwise learning rate falls
DROP = 10**-0.5  # so that two are a tenth
PATIENCE = 3  # measurements without a new lowest loss until a plateau is taken as one
BETTER = 0.99  # of the lowest loss is a new lowest


@dataclass(frozen=True)
class Stage:
    """Side and number of the crops of a step."""

    size: int
    batch: int


def stage_at(settings: TrainingSettings, done: float, multiple: int) -> Stage:
    """Return the stage at a share of the training: small crops learn fast, large ones finish.

    `multiple` is what sides must divide by; a batch shrinks as its crops grow in width, so steps
    take longer, but not by as much as the crops have more pixels.
    """
    first, last = settings.size, settings.last_size
    size = first if done < 0.6 else (first + last) / 2 if done < 0.85 else last
    side = max(multiple, round(size / multiple) * multiple)
    return Stage(side, max(1, round(settings.batch * first / size)))


def smallest_batch(settings: TrainingSettings) -> int:
    """Return how many crops a step has at its largest stage, which is where it has fewest."""
    return min(stage_at(settings, done, 1).batch for done in (0.0, 0.6, 0.85))


def rate_at(settings: TrainingSettings, step: int, done: float, plateau: float = 1.0) -> float:
    """Return the learning rate: a linear rise, then the fall of the schedule.

    `done` is the share of the training that is over, `plateau` the factor of that schedule.
    """
    rise = min(1.0, (step + 1) / max(1, settings.warmup))
    falls = {
        "cosine": LEAST + (1 - LEAST) * (1 + math.cos(math.pi * min(1.0, done))) / 2,
        "step": DROP ** sum(done >= at for at in DROPS),
        "plateau": plateau,
        "constant": 1.0,
    }
    return settings.learning_rate * rise * falls[settings.schedule]


@dataclass
class Plateau:
    """Lowers a factor each time that a loss has not fallen for a while."""

    factor: float = 1.0
    lowest: float = math.inf
    waited: int = 0

    def see(self, loss: float) -> None:
        """Take the next measurement."""
        if loss < BETTER * self.lowest:
            self.lowest, self.waited = loss, 0
            return
        self.waited += 1
        if self.waited >= PATIENCE:
            self.factor, self.waited = self.factor * DROP, 0
