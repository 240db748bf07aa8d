"""``impasto augment``: paint a data set in many styles, its labels kept."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from impasto.cli.batch import Overwrite, ReportPlace, Resume, paint_tasks
from impasto.cli.options import options_of
from impasto.settings.augment import AugmentSettings
from impasto.settings.schema import from_texts

if TYPE_CHECKING:
    from impasto.batch.report import Report


@options_of(AugmentSettings)
def augment(
    dataset: Annotated[
        Path, typer.Argument(metavar="DATASET", help="Class folders, a YOLO or a COCO data set.")
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="The painted data set.")
    ],
    typed: Mapping[str, Any],
    overwrite: Overwrite = False,
    resume: Resume = False,
    report: ReportPlace = None,
) -> None:
    """Paint a data set for training, in styles and strengths that are drawn by a seed.

    impasto augment animals -o painted --copies 2 --strength 0.4..1
    """
    settings = from_texts(AugmentSettings, typed)
    from impasto.batch.augment import Augmentation

    work = Augmentation(dataset, output, settings)

    def at_end(told: "Report") -> None:
        work.finish(told.results)

    paint_tasks(
        work.stylizer, work.tasks, settings,
        overwrite=overwrite, resume=resume, report=report, at_end=at_end,
    )  # fmt: skip
