"""Paint a data set in drawn styles, so that a network learns shapes; its labels stay true."""

import filecmp
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from impasto.batch.copies import Copy, draw
from impasto.batch.jobs import Job, check_jobs, make_folders
from impasto.batch.layouts import open_layout
from impasto.batch.report import Report
from impasto.batch.stylize import paint_all
from impasto.batch.tasks import Result, Task
from impasto.device.progress import OnProgress
from impasto.errors import UsageError, did_you_mean
from impasto.methods.fast import FastStylizer
from impasto.methods.stylize import open_stylizer
from impasto.settings.augment import AugmentSettings
from impasto.settings.schema import from_mapping, to_mapping
from impasto.settings.stylize import StylizeSettings
from impasto.styles.gallery import names, styles
from impasto.weights.files import write_atomically

MANIFEST = "manifest.jsonl"
SHARED = ("engine", "device", "threads", "workers", "precision", "max_pixels", "quality")


def augment(
    dataset: str | Path,
    output: str | Path,
    *,
    stylizer: FastStylizer | None = None,
    overwrite: bool = False,
    resume: bool = False,
    on_progress: OnProgress | None = None,
    **options: Any,
) -> Report:
    """Paint every picture of a data set several times and write its labels for the paintings.

    Stylized copies teach a network shapes rather than textures (Geirhos et al. 2019).

    Args:
        dataset: a folder: class folders, YOLO or COCO; it is only read.
        output: the new data set, laid out as the old one, with a manifest.
        stylizer: a stylizer opened before.
        overwrite: replace outputs that are there.
        resume: skip outputs that were painted from the same picture, style and strength.
        on_progress: called after each painting; what it raises ends the work, and then labels and
            manifest are left for the resumed run.
        options: the fields of `AugmentSettings`, as ``copies=3`` or ``strength="0.5..0.8"``.

    Returns:
        The report; what could not be painted is in its `failed`, and has no labels.

    Raises:
        ImpastoError: before any work, for options, styles, engine, or labels that cannot be kept.
    """
    settings = from_mapping(AugmentSettings, options)
    work = Augmentation(Path(dataset), Path(output), settings, stylizer)
    report = Report(len(work.tasks), to_mapping(settings), work.stylizer)
    paint_all(
        work.stylizer, work.tasks, report,
        workers=settings.workers, overwrite=overwrite, resume=resume,
        on_result=lambda _, progress: on_progress(progress) if on_progress else None,
    )  # fmt: skip
    work.finish(report.results)
    return report


class Augmentation:
    """The plan of a painted data set: all that is decided before the first picture is painted."""

    def __init__(
        self,
        dataset: Path,
        output: Path,
        settings: AugmentSettings,
        stylizer: FastStylizer | None = None,
    ) -> None:
        self._dataset, self._output, self._settings = dataset, output, settings
        if output.resolve() == dataset.resolve():
            raise UsageError(f'The output "{output}" is the data set itself. Choose another one.')
        self._layout = open_layout(dataset, settings.labels, skip=(output,))
        painting = {key: getattr(settings, key) for key in SHARED}
        words = style_words(settings)
        self.stylizer = stylizer or open_stylizer(StylizeSettings(**painting))
        self._styles = {word: self.stylizer.style([word]) for word in words}
        self._copies = {
            output / copy.output: copy for copy in draw(self._layout.pictures, words, settings)
        }
        self.tasks = [
            Task(
                dataset / copy.source,
                place,
                self._styles[copy.style],
                StylizeSettings(style=(copy.style,), strength=copy.strength, **painting),
                self._layout.size_of(copy.source),
            )
            for place, copy in self._copies.items()
        ]
        jobs = [Job(task.picture, task.output) for task in self.tasks]
        check_jobs(jobs)
        make_folders(jobs)

    def finish(self, results: Iterable[Result]) -> None:
        """Write labels and manifest of what was painted, and the originals where they are kept."""
        made = {result.task.output for result in results if result.error is None}
        copies = [copy for place, copy in self._copies.items() if place in made]
        if self._settings.keep_originals:
            for picture in self._layout.pictures:
                _keep(self._dataset / picture, self._output / picture)
        self._layout.write(self._output, copies, self._settings.keep_originals)
        write_atomically(self._output / MANIFEST, self._manifest(copies))

    def _manifest(self, copies: Sequence[Copy]) -> Iterator[bytes]:
        for copy in copies:
            line = asdict(copy) | {
                "source": copy.source.as_posix(),
                "output": copy.output.as_posix(),
                "seed": self._settings.seed,
                "licence": self._styles[copy.style].card.licence,
            }
            yield json.dumps(line).encode() + b"\n"


def style_words(settings: AugmentSettings) -> list[str]:
    """Return the styles to draw from: those named, those of the schools named, or the gallery."""
    words = _split(settings.styles)
    schools: dict[str, list[str]] = {}
    if groups := _split(settings.group):
        for style in styles():
            schools.setdefault(style.card.school.lower(), []).append(style.name)
    for group in groups:
        if group.lower() not in schools:
            known = sorted(school for school in schools if school)
            hint = did_you_mean(group.lower(), known) or f" Known are: {', '.join(known)}."
            raise UsageError(f'The gallery has no school "{group}".{hint}')
        words += schools[group.lower()]
    return list(dict.fromkeys(words)) or names()


def _split(texts: Sequence[str]) -> list[str]:
    return [word.strip() for text in texts for word in text.split(",") if word.strip()]


def _keep(original: Path, place: Path) -> None:
    if not (place.is_file() and filecmp.cmp(original, place, shallow=False)):
        write_atomically(place, original.read_bytes())
