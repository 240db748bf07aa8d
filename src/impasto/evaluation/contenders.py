"""The models of an evaluation: what each paints, how fast, and how large it is."""

import math
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from safetensors import safe_open

from impasto.errors import UsageError
from impasto.evaluation.exhibits import Exhibit
from impasto.methods.fast import FastStylizer, OwnStyles
from impasto.methods.stylize import Work
from impasto.provenance.disclosure import read_disclosure
from impasto.settings.evaluate import EvaluateSettings
from impasto.settings.stylize import StylizeSettings
from impasto.styles.style import Style
from impasto.styles.words import kebab
from impasto.weights.models import find_model

# What must be as before, that a painting need not be made again.
NEEDED = ("content_sha256", "fingerprint", "model_sha256", "engine", "device", "precision")
TIMED = 3  # paintings that the pace is the median of, after one that is not timed


@dataclass(frozen=True)
class Wish:
    """A style that a model is to paint in, and the painting that it is held against, if there."""

    style: str
    reference: Exhibit | None


class Contender:
    """A model that takes part, under a name that no other has."""

    def __init__(self, name: str, stylizer: FastStylizer, settings: EvaluateSettings) -> None:
        self.name, self.stylizer, self.model = name, stylizer, stylizer.model
        self._settings = settings
        self._of_painting = lru_cache(256)(self._see)

    @property
    def own(self) -> Mapping[str, Style]:
        """The styles that the model was trained on, by name; none where it paints any."""
        return self.stylizer.styles if isinstance(self.stylizer, OwnStyles) else {}

    def wishes(self, paintings: Sequence[Exhibit]) -> list[Wish]:
        """Return what the model paints in: every painting, or its own styles.

        An own style is held against the painting of that name, or the one it was trained on.
        """
        if not self.own:
            return [Wish(painting.name, painting) for painting in paintings]
        known = {painting.sha256: painting for painting in paintings}
        known |= {painting.name: painting for painting in paintings}
        return [
            Wish(name, known.get(name, known.get(str(style.card.extra.get("sha256")))))
            for name, style in self.own.items()
        ]

    def style(self, wish: Wish) -> Style:
        """Return the style of a wish, as the model takes it."""
        if wish.style in self.own:
            return self.own[wish.style]
        assert wish.reference is not None
        return self._of_painting(wish.reference)

    def work(self, content: Exhibit, wish: Wish, long_side: int) -> "RepeatableWork":
        """Return a painting to be made; `long_side` is that of the result."""
        how = self._settings
        settings = StylizeSettings(
            size=long_side, engine=how.engine, device=how.device, threads=how.threads,
            precision=how.precision,
        )  # fmt: skip
        return RepeatableWork(self.stylizer, content.path, self.style(wish), settings)

    def pace(self, content: Exhibit, wish: Wish, long_side: int) -> float:
        """Return how many such pictures a second the model paints, without opening and writing."""
        work, times = self.work(content, wish, long_side), []
        for _ in range(1 + TIMED):
            begun = time.perf_counter()
            work.image()
            times.append(time.perf_counter() - begun)
        return 1 / float(np.median(times[1:]))

    @cached_property
    def parameters(self) -> int | None:
        """How many numbers the model's weights are, where they lie beside the graphs."""
        path = self.model.folder / "model.safetensors"
        if not path.is_file():
            return None
        with safe_open(path, "np") as file:
            names = file.keys()
            return sum(int(math.prod(file.get_slice(name).get_shape())) for name in names)

    def _see(self, painting: Exhibit) -> Style:
        style = self.stylizer.style_of(painting.path, painting.name)
        return replace(style, painting=None)  # large, and not needed to paint


class RepeatableWork(Work):
    """A painting that another run knows again by what it discloses."""

    def record(self) -> Mapping[str, object]:
        """Return what the painting discloses: also what its numbers were computed with."""
        settings = self.settings
        how = {"engine": settings.engine, "device": settings.device}
        return {**super().record(), **how, "precision": settings.precision}

    def is_finished(self, path: Path) -> bool:
        """Return whether the file is this very painting."""
        told = read_disclosure(path) if path.is_file() else None
        record = self.record()
        return told is not None and all(told["settings"].get(n) == record[n] for n in NEEDED)


def contenders(words: Iterable[str | Path], settings: EvaluateSettings) -> list[Contender]:
    """Open the models of words, paths or names, each once; equal names get numbers.

    Raises UsageError for none, ModelError for one that is not there or damaged.
    """
    folders = dict.fromkeys(find_model(word).resolve() for word in words)
    if not folders:
        raise UsageError("Which models? Name them: --models painter path/to/model")
    found: dict[str, Contender] = {}
    for folder in folders:
        stylizer = FastStylizer.open(
            folder, engine=settings.engine, device=settings.device, threads=settings.threads,
            precision=settings.precision,
        )  # fmt: skip
        # A card may say any name; that of a folder in the report must not lead out of it.
        wanted = kebab(stylizer.model.name)
        name, number = wanted, 1
        while name in found:
            number += 1
            name = f"{wanted}-{number}"
        found[name] = Contender(name, stylizer, settings)
    return list(found.values())
