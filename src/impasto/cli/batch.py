"""Many pictures on a command line: results as they come, a report, how to go on after Ctrl-C."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from impasto.cli.show import progress, summarize

if TYPE_CHECKING:
    from impasto.batch.report import Report
    from impasto.batch.tasks import Result, Task
    from impasto.device.progress import Progress
    from impasto.methods.fast import FastStylizer

Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace existing files.")]
Resume = Annotated[
    bool,
    typer.Option(
        "--resume", help="Skip outputs painted from the same picture, style, settings and model."
    ),
]
ReportPlace = Annotated[
    Path | None,
    typer.Option("--report", help="Write what came of every picture as JSON.", metavar="FILE"),
]


def paint_tasks(
    stylizer: "FastStylizer",
    tasks: "Sequence[Task]",
    settings: Any,
    *,
    overwrite: bool,
    resume: bool,
    report: Path | None,
    at_end: "Callable[[Report], None]" = lambda report: None,
) -> None:
    """Paint tasks and print the outputs; leave with the exit code of what failed.

    `at_end` is called with what was done, unless that was interrupted.
    """
    from impasto.batch.report import Report, check_report_place
    from impasto.batch.stylize import paint_all
    from impasto.settings.schema import to_mapping

    if report is not None:
        check_report_place(report)
    told = Report(len(tasks), to_mapping(settings), stylizer)
    try:
        with progress(len(tasks), "Painting") as work:

            def show(result: "Result", now: "Progress") -> None:
                if result.status == "painted":
                    work.say(str(result.task.output))
                work.advance(now.step, result.task.picture.name, now.eta_s)

            paint_all(
                stylizer, tasks, told, workers=settings.workers, overwrite=overwrite,
                resume=resume, on_result=show,
            )  # fmt: skip
        at_end(told)
    finally:
        if report is not None:
            told.write(report)
        if told.interrupted:
            done = len(told.results)
            typer.echo(
                f"impasto: {done} of {told.total} pictures are done. "
                "The others: the same command with --resume",
                err=True,
            )
    skipped = sum(result.status == "skipped" for result in told.results)
    if skipped:
        typer.echo(f"impasto: {skipped} of {told.total} were finished already", err=True)
    summarize(told.failed, told.total)
