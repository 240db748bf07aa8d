"""Paint folders of pictures from Python: what ``impasto stylize FOLDER`` does, without a screen."""

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from impasto.batch.jobs import plan
from impasto.batch.report import Report
from impasto.batch.tasks import Result, Task
from impasto.batch.work import paint
from impasto.device.progress import OnProgress, Progress
from impasto.errors import Interrupted
from impasto.methods.fast import FastStylizer
from impasto.methods.stylize import open_stylizer, settings_from
from impasto.settings.schema import to_mapping
from impasto.styles.words import Words, words_of

OnResult = Callable[[Result, Progress], None]


def stylize_folder(
    pictures: str | Path | Sequence[str | Path],
    style: Words = (),
    output: str | Path | None = None,
    *,
    model: str | Path | None = None,
    stylizer: FastStylizer | None = None,
    overwrite: bool = False,
    resume: bool = False,
    on_progress: OnProgress | None = None,
    **options: Any,
) -> Report:
    """Paint every picture of folders into an output folder, which keeps their structure.

    Args:
        pictures: a folder, or several folders and pictures.
        style: style words as for `impasto.stylize`; none are needed with a model of one style.
        output: the output folder; without it paintings lie beside their photos.
        model: a model folder, or the name of a model; by default the painter.
        stylizer: a stylizer opened before.
        overwrite: replace outputs that are there.
        resume: skip outputs that were painted from the same photo, style, settings and model.
        on_progress: called after each picture with its place among all, the seconds left and how
            many were painted, skipped and failed; what it raises ends the work.
        options: the fields of `StylizeSettings`.

    Returns:
        The report; what could not be painted is in its `failed`, and raises nothing.

    Raises:
        ImpastoError: before any work, for options, style, engine, or folders without pictures.
    """
    words = words_of(style, optional=True)
    named = [pictures] if isinstance(pictures, str | Path) else pictures
    settings = settings_from(words, options)
    stylizer = stylizer or open_stylizer(settings, model)
    meant = stylizer.style(words)
    label = words or (stylizer.model.folder.resolve().name,)
    jobs = plan([Path(one) for one in named], label, None if output is None else f"{output}/")
    tasks = [Task(job.picture, job.output, meant, settings) for job in jobs]
    report = Report(len(tasks), to_mapping(settings), stylizer)
    paint_all(
        stylizer, tasks, report, workers=settings.workers, overwrite=overwrite, resume=resume,
        on_result=lambda _, progress: on_progress(progress) if on_progress else None,
    )  # fmt: skip
    return report


def paint_all(
    stylizer: FastStylizer,
    tasks: Sequence[Task],
    report: Report,
    *,
    workers: int,
    overwrite: bool,
    resume: bool,
    on_result: OnResult,
) -> None:
    """Paint tasks into a report and tell of each; the report knows if it was interrupted."""
    results = paint(stylizer, tasks, workers=workers, overwrite=overwrite, resume=resume)
    try:
        with closing(results):
            for result in results:
                on_result(result, report.add(result))
    except (KeyboardInterrupt, Interrupted):
        report.interrupted = True
        raise
