"""Paint a picture by the fast method."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from impasto.errors import UnknownStyle, UsageError, did_you_mean
from impasto.methods.fast import AnyStyle, FastStylizer
from impasto.methods.stylize import Work, open_stylizer
from impasto.serving.tasks.means import Means
from impasto.serving.tasks.reporter import OnEvent, Reporter, Stopped
from impasto.serving.tasks.request import (
    check_output,
    file_of,
    place_of,
    regions_of,
    settings_from,
    style_of,
    told,
    words_of,
)
from impasto.serving.workers.base import Outcome, Task
from impasto.settings.stylize import StylizeSettings
from impasto.styles.style import Style
from impasto.weights.models import named_models


def run(task: Task, on_event: OnEvent, stopped: Stopped, means: Means) -> Outcome:
    """Paint a picture into a file of the task's folder."""
    begun = time.perf_counter()
    settings = settings_from(task, StylizeSettings, device=means.device, threads=means.threads)
    stylizer = stylizer_of(task, settings)
    work = RequestWork(task, stylizer, settings)
    check_output(task, work.source.height, work.source.width)
    place = place_of(task)
    work.write(place, overwrite=True, on_progress=Reporter(on_event, stopped))
    facts = {
        "seconds": round(time.perf_counter() - begun, 4),
        "width": work.source.width,
        "height": work.source.height,
        "model": stylizer.model.name,
    }
    return Outcome((place,), facts)


class RequestWork(Work):
    """One picture to paint as a request asks for."""

    def __init__(self, task: Task, stylizer: FastStylizer, settings: StylizeSettings) -> None:
        words = words_of(task.request.get("style") or ())
        picture = file_of(task, task.request.get("content"))
        super().__init__(stylizer, picture, meant(task, stylizer, words), settings)
        self._request = task.request
        drawn = regions_of(
            task, self.opened, settings.feather, lambda words: meant(task, stylizer, words)
        )
        self.regions = [*drawn, *self.regions]

    def record(self) -> Mapping[str, object]:
        """Return what the painting discloses, in the words of the request."""
        return told(super().record(), self._request)


def stylizer_of(task: Task, settings: StylizeSettings) -> FastStylizer:
    """Return the stylizer of the model that a request names; the same one when asked again."""
    name = task.request.get("model")
    if name is None:
        return open_stylizer(settings)
    known = named_models()
    if name not in known:
        raise UnknownModel(
            f'There is no model "{str(name)[:80]}".{did_you_mean(str(name), known)} '
            f"There are: {', '.join(known)}."
        )
    return open_stylizer(settings, known[name])


class UnknownModel(UsageError):
    """No model goes by that name."""

    http_status = 404


def meant(task: Task, stylizer: FastStylizer, words: Sequence[str]) -> Style:
    """Return what style words mean to a model: any style, or those that it was trained on."""
    if isinstance(stylizer, AnyStyle):
        style = style_of(task, words, lambda path, name: _seen(stylizer, path, name))
        stylizer.check(style)
        return style
    if not words:
        return stylizer.style(())
    return style_of(task, words, _not_of, lambda name: stylizer.style([name]))


@lru_cache(128)
def _seen(stylizer: FastStylizer, path: Path, name: str) -> Style:
    """Return the style of a painting, which is seen once: a file under its hash never changes."""
    return replace(stylizer.style_of(path, name), painting=None)


def _not_of(path: Path, name: str) -> Style:
    raise UnknownStyle("This model paints the styles that it was trained on. Leave the model out.")
