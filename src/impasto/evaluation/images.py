"""Evaluate models on pictures: paint every pair, measure it, and write the report."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from impasto.device.progress import OnProgress, Progress
from impasto.errors import OutputExists, PictureError, UsageError
from impasto.evaluation.contenders import Contender, contenders
from impasto.evaluation.deep.judge import Canvas, Judge
from impasto.evaluation.deep.sets import Seen, Sets
from impasto.evaluation.exhibits import Exhibit, exhibits, resized
from impasto.evaluation.journal import Journal
from impasto.evaluation.metrics import ANCHORS, CONTENT_ITSELF, METRICS
from impasto.evaluation.report import FILE, PAGE, SCHEMA, write_report
from impasto.evaluation.schedule import Task, schedule
from impasto.evaluation.similarity import Picture
from impasto.evaluation.summary import Measured, common, rows
from impasto.images.sink import create_picture
from impasto.images.window import Strip
from impasto.settings.evaluate import EvaluateSettings
from impasto.settings.schema import to_mapping
from impasto.version import __version__
from impasto.weights.files import sha256_of

JOURNAL = "measured.jsonl"
NARROWEST = 32  # pixels a side that every encoder sees something in, at half size too
HELD = 64  # pictures whose pixels are kept in memory

T = TypeVar("T")


@dataclass
class Outcome:
    """What came of an evaluation."""

    page: Path
    rows: list[dict[str, Any]]
    left_out: list[str] = field(default_factory=list)


def evaluate_images(
    models: Sequence[str | Path],
    contents: Sequence[Path],
    styles: Sequence[Path],
    folder: Path,
    settings: EvaluateSettings | None = None,
    on_progress: OnProgress | None = None,
) -> Outcome:
    """Paint contents in styles by models, measure the paintings, and write a report folder.

    What an earlier run painted or measured is not done again. A model of its own styles is held
    against the paintings of the same names among `styles`. Pictures that cannot be read are left
    out and named in the outcome.

    Args:
        models: paths or names, see `impasto.weights.models.find_model`.
        folder: of the report: ``index.html``, ``report.json`` and the pictures.
        on_progress: hears ``download``, ``open``, ``pair`` and ``set`` events; what it raises ends
            the work, which continues when it is called again.

    Raises:
        UsageError: there is nothing to paint for a model, or no style for one that needs it.
        PictureError: a file is not there, or may not be read.
        ModelError, EngineError: a model or the weights of a network cannot be used.
        OutputError: the folder cannot be written; OutputExists where it holds another page.
    """
    settings = settings or EvaluateSettings()
    if (folder / PAGE).exists() and not (folder / FILE).exists():
        raise OutputExists(f'"{folder / PAGE}" is the page of no report. Name another folder.')
    known = contenders(models, settings)
    if not styles and not all(one.own for one in known):
        raise UsageError("Which styles? Give a folder of paintings: --styles paintings")
    judge = Judge(settings, on_progress)
    evaluation = Evaluation(known, judge, folder, settings, on_progress)
    return evaluation.run(exhibits(contents), exhibits(styles))


class Evaluation:
    """One evaluation, from opening the pictures to the report."""

    def __init__(
        self,
        models: Sequence[Contender],
        judge: Judge,
        folder: Path,
        settings: EvaluateSettings,
        on_progress: OnProgress | None,
    ) -> None:
        self.models, self.judge, self.folder, self.settings = models, judge, folder, settings
        self._on_progress = on_progress
        self._journal = Journal(folder / JOURNAL)
        self._canvas = lru_cache(HELD)(self._open)
        self._left_out: list[str] = []
        self._sets = Sets(settings.inception) if settings.inception else None

    def run(self, contents: Sequence[Exhibit], paintings: Sequence[Exhibit]) -> Outcome:
        """Do all of it and return where the report is."""
        how = self.settings
        contents = self._shown(contents, "content")
        paintings = self._shown(paintings, "styles")
        tasks = schedule(
            contents, paintings, self.models, pairs=how.pairs, limit=how.limit, seed=how.seed
        )
        self._check_tasks(tasks)
        measured = [self._measured(task) for task in self._told("pair", tasks)]
        tables = [rows(some, how.seed) for some in (measured, common(measured))]
        if self._sets is not None:
            self._sets.see(self._seen(tasks))
            for table, some in zip(tables, (measured, common(measured)), strict=True):
                self._sets.add_to(table, some)
        report = self._report(tasks, measured, tables)
        return Outcome(write_report(self.folder, report), tables[0], self._left_out)

    def _shown(self, pictures: Sequence[Exhibit], kind: str) -> list[Exhibit]:
        """Put pictures into the report's folder and return those that can be read."""
        found = []
        for picture in self._told("open", pictures):
            try:
                pixels = self._canvas(picture).pixels
                _check_shape(picture, pixels)
            except PictureError as error:
                self._left_out.append(str(error))
                continue
            _write(self.folder / kind / f"{picture.name}.jpg", pixels)
            found.append(picture)
        return found

    def _check_tasks(self, tasks: Sequence[Task]) -> None:
        """Raise UsageError where a model has nothing to do, for its row would be empty."""
        idle = [one.name for one in self.models if all(task.by is not one for task in tasks)]
        if idle:
            raise UsageError(
                f"There is nothing to paint for {', '.join(idle)}: no photo, or no style, that can "
                f"be read. {' '.join(self._left_out[:1])}"
            )

    def _measured(self, task: Task) -> Measured:
        """Paint and measure one task, or remember what it came to."""
        path = self._painted(task)
        reference = task.wish.reference
        stamp = path.read_bytes() if path else task.name.encode()
        parts = [self.judge.id, str(self.settings.size), sha256_of(stamp), task.content.sha256]
        key = sha256_of(" ".join([*parts, reference.sha256 if reference else ""]).encode())
        values = self._journal.get(key)
        if values is None:
            content = self._canvas(task.content)
            style = self._canvas(reference) if reference else None
            values = self._journal.add(key, self.judge(self._result(task), content, style))
        name = reference.name if reference else task.wish.style
        picture = path.relative_to(self.folder).as_posix() if path else None
        return Measured(task.content.name, name, task.name, values, picture)

    def _painted(self, task: Task) -> Path | None:
        """Return the file of a painting, which is made unless it is there; anchors have none."""
        path = self._place(task)
        if path is None or isinstance(task.by, str):
            return None
        long_side = max(self._canvas(task.content).pixels.shape)
        work = task.by.work(task.content, task.wish, long_side)
        if not work.is_finished(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            work.write(path, overwrite=True)
        return path

    def _place(self, task: Task) -> Path | None:
        if isinstance(task.by, str):
            return None
        file = f"{task.content.name}__{task.wish.style}.{self.settings.format}"
        return self.folder / "pictures" / task.name / file

    def _result(self, task: Task) -> Canvas:
        """Return what is measured: what a model painted, or what an anchor stands for."""
        content = self._canvas(task.content)
        path, reference = self._place(task), task.wish.reference
        if path is not None:
            return Canvas(Exhibit(task.name, path, "").pixels(self.settings.size))
        if task.by == CONTENT_ITSELF or reference is None:
            return content
        return Canvas(resized(self._canvas(reference).pixels, *content.pixels.shape[:2]))

    def _open(self, picture: Exhibit) -> Canvas:
        return Canvas(picture.pixels(self.settings.size))

    def _seen(self, tasks: Sequence[Task]) -> Iterator[Seen]:
        """Give the pictures that are compared as sets."""
        for task in self._told("set", [task for task in tasks if task.wish.reference]):
            assert task.wish.reference is not None
            style = task.wish.reference
            painted = self._result(task).pixels
            yield Seen(
                task.name, task.content.name, style.name, painted, self._canvas(style).pixels
            )

    def _told(self, kind: str, items: Sequence[T]) -> Iterator[T]:
        """Give the items one by one, and tell how far the work is after each."""
        begun = time.monotonic()
        for step, item in enumerate(items, 1):
            yield item
            if self._on_progress is not None:
                left = (time.monotonic() - begun) / step * (len(items) - step)
                self._on_progress(Progress(kind, step, len(items), left))

    def _report(
        self, tasks: Sequence[Task], measured: Sequence[Measured], tables: list[list[Any]]
    ) -> dict[str, Any]:
        names = {key for row in tables[0] for key in row["values"]}
        shared = common(measured)
        return {
            "schema": SCHEMA,
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "version": __version__,
            "settings": to_mapping(self.settings),
            "encoder": self.judge.describe(),
            "models": [self._described(model, tasks) for model in self.models],
            "contents": self._named([task.content for task in tasks]),
            "styles": self._named([t.wish.reference for t in tasks if t.wish.reference]),
            "metrics": [one.to_mapping() for one in METRICS if one.key in names],
            "rows": tables[0],
            "common": {"pairs": len({one.pair for one in shared}), "rows": tables[1]},
            "pairs": [
                {"content": m.content, "style": m.style, "model": m.by, "picture": m.picture,
                 "values": m.values}
                for m in measured if m.by not in ANCHORS
            ],
            "left_out": self._left_out,
        }  # fmt: skip

    def _described(self, model: Contender, tasks: Sequence[Task]) -> dict[str, Any]:
        """Return what is known of a model, its pace on the first photo measured now."""
        first = next(task for task in tasks if task.by is model)
        height, width = self._canvas(first.content).pixels.shape[:2]
        card = model.model.card
        return {
            "name": model.name,
            "title": str(card.get("title", "")),
            "kind": model.model.kind,
            "licence": str(card.get("licence", "")),
            "sha256": model.model.sha256,
            "bytes": model.model.size,
            "parameters": model.parameters,
            "pictures_per_s": model.pace(first.content, first.wish, max(height, width)),
            "paced_at": [width, height],
        }

    def _named(self, pictures: Sequence[Exhibit]) -> list[dict[str, Any]]:
        found = []
        for picture in {one.name: one for one in pictures}.values():
            height, width = self._canvas(picture).pixels.shape[:2]
            title = picture.path.stem
            found.append({"name": picture.name, "title": title, "width": width, "height": height})
        return found


def _check_shape(picture: Exhibit, pixels: Picture) -> None:
    height, width = pixels.shape[:2]
    if min(height, width) < NARROWEST:
        raise PictureError(
            f'"{picture.path}" is too narrow to be measured: {width} x {height} pixels at this '
            f"size, {NARROWEST} a side are needed. Crop it, or choose a larger --size."
        )


def _write(path: Path, pixels: Picture) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    sink = create_picture(path, *pixels.shape[:2], quality=92, overwrite=True)
    sink.write([Strip(pixels)])
