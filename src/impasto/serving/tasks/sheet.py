"""Paint one photo in several styles and strengths, side by side on one page."""

import time
from dataclasses import replace

from impasto.device.progress import counted
from impasto.images.sheet import grid, grid_size
from impasto.images.sink import create_picture
from impasto.images.window import Strip
from impasto.methods.paint import painted_whole
from impasto.methods.stylize import Work, method_of
from impasto.provenance.disclosure import disclosure
from impasto.serving.tasks.means import Means
from impasto.serving.tasks.registry import SHEET_SIDE
from impasto.serving.tasks.reporter import OnEvent, Reporter, Stopped
from impasto.serving.tasks.request import (
    check_output,
    file_of,
    place_of,
    settings_from,
    told,
    words_of,
)
from impasto.serving.tasks.stylization import meant, stylizer_of
from impasto.serving.workers.base import Outcome, Task
from impasto.settings.stylize import StylizeSettings
from impasto.styles.style import describe
from impasto.version import __version__

STRENGTHS = (0.5, 1.0, 1.5)


def run(task: Task, on_event: OnEvent, stopped: Stopped, means: Means) -> Outcome:
    """Paint a sheet into a file of the task's folder: a column for each style, rows of strengths.

    Each picture has the size that is asked for, or a long side of 384 pixels.
    """
    begun = time.perf_counter()
    settings = settings_from(task, StylizeSettings, device=means.device, threads=means.threads)
    settings = replace(settings, size=settings.size or SHEET_SIDE)
    stylizer = stylizer_of(task, settings)
    styles = [meant(task, stylizer, [word]) for word in words_of(task.request["styles"])]
    strengths = [float(s) for s in task.request.get("strengths") or STRENGTHS]
    work = Work(stylizer, file_of(task, task.request.get("content")), styles[0], settings)
    source = work.source
    height, width = grid_size(source.height, source.width, len(strengths), len(styles))
    check_output(task, height, width)
    cells = [(strength, style) for strength in strengths for style in styles]
    painted = []
    for strength, style in counted(cells, len(cells), "picture", Reporter(on_event, stopped)):
        method = method_of(stylizer, replace(settings, strength=strength))
        painted.append(painted_whole(method.prepare(source, style), 8)[..., :3])
    rows = [painted[i : i + len(styles)] for i in range(0, len(painted), len(styles))]
    page = grid(rows, [f"{one:g}" for one in strengths], [style.name for style in styles])
    record = {
        **work.record(),
        "style": [describe(style) for style in styles],
        "strength": strengths,
    }
    place = place_of(task, "sheet")
    create_picture(
        place,
        height,
        width,
        quality=settings.quality,
        overwrite=True,
        metadata=disclosure(told(record, task.request), version=__version__),
    ).write([Strip(page)])
    seconds = round(time.perf_counter() - begun, 4)
    return Outcome((place,), {"seconds": seconds, "width": width, "height": height})
