"""``impasto optimize``: paint one picture by optimisation; needs the extra ``train``."""

import contextlib
import os
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from impasto.cli.batch import Overwrite
from impasto.cli.extras import check_extra
from impasto.cli.optimize_runs import check_run, finish, run_beside, settings_of_run, unfinished
from impasto.cli.options import options_of
from impasto.cli.show import shown
from impasto.cli.stopping import stopping
from impasto.cli.stylize import PIPE, pipe
from impasto.errors import ImpastoError, Interrupted, OutputError, UsageError
from impasto.settings.optimize import OptimizeSettings
from impasto.settings.schema import from_texts
from impasto.weights.runs import RunFolder

if TYPE_CHECKING:
    from impasto.cli.show import Shown
    from impasto.device.progress import OnProgress, Progress

SEE = "Name one with --style NAME; see them with: impasto styles"
TITLES = {"download": "Downloading", "step": "Optimizing"}


@options_of(OptimizeSettings)
def optimize(
    picture: Annotated[str, typer.Argument(metavar="PICTURE", help="A picture, or - for a pipe.")],
    typed: Mapping[str, Any],
    output: Annotated[
        str | None,
        typer.Option(
            "--output", "-o",
            help="The file to write; without it beside the picture, as photo.starry-night.jpg; "
            "- is a pipe.",
            metavar="PATH",
        ),
    ] = None,
    overwrite: Overwrite = False,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume",
            help="Continue after Ctrl-C or a crash; other options need not be said again. Where "
            "there is nothing to continue, begin.",
        ),
    ] = False,
    run: Annotated[
        Path | None,
        typer.Option(
            "--run",
            help="A folder for state, events and preview, which stays.  [default: beside the "
            "output, as out.png.run, until that is written]",
            metavar="DIR",
        ),
    ] = None,
    format: Annotated[
        str | None,
        typer.Option(
            "--format", help="Of a picture written to a pipe.  [default: png]", metavar="SUFFIX"
        ),
    ] = None,
) -> None:  # fmt: skip
    """Paint one picture by optimization: slower than stylize, and closer to the style.

    impasto optimize photo.jpg --style painting.jpg -o out.png
    """
    settings = from_texts(OptimizeSettings, typed)  # a wrong option is named first
    check_extra("Optimization", "torch")
    output = output or (PIPE if picture == PIPE else "")
    if format is not None and output != PIPE:
        raise UsageError("--format is for pipes: -o - ; the suffix of --output names it elsewhere.")
    run_given, run = run is not None, run or _run_of(output)
    settings = _continued(typed, run) if resume else settings
    if not settings.style:
        none = f'There is no run "{run}" to continue. ' if resume and run else ""
        raise UsageError(f"{none}Which style? {SEE}")
    place = output if PIPE in (picture, output) else _place(picture, settings, output)
    if not run_given and run != _run_of(place):  # `place` has taken its name from the style
        run = _run_of(place)
        settings = _continued(typed, run) if resume else settings
    order = Order(picture, place, settings, run, run_given, resume, overwrite, format)
    order.check()
    order.paint()


def _run_of(output: str) -> Path | None:
    return None if output in ("", PIPE) else run_beside(Path(output))


def _continued(typed: Mapping[str, Any], run: Path | None) -> OptimizeSettings:
    """Return the settings of a run, where there is one, with what was typed in their place."""
    if run is None or not RunFolder(run).settings.exists():
        return from_texts(OptimizeSettings, typed)
    return from_texts(OptimizeSettings, typed, settings_of_run(run))


def _place(picture: str, settings: OptimizeSettings, output: str) -> str:
    """Return the file to write, by the rule of ``impasto stylize``."""
    from impasto.batch.jobs import plan

    if os.path.isdir(picture):
        raise UsageError(f'"{picture}" is a folder. Optimize one picture at a time.')
    (job,) = plan([Path(picture)], settings.style, output or None)
    return str(job.output)


@dataclass(frozen=True)
class Order:
    """One picture to paint, where to, and how."""

    picture: str
    output: str
    settings: OptimizeSettings
    run: Path | None
    keeps_run: bool
    resume: bool
    overwrite: bool
    format: str | None

    def check(self) -> None:
        """Raise what can be known to fail before anything heavy is loaded."""
        from impasto.images.places import check_place

        if self.output != PIPE:
            check_place(Path(self.output), self.overwrite)
        elif sys.stdout is not None and sys.stdout.isatty():
            raise UsageError("A picture is not written to a terminal. Redirect it: > painted.png")
        if self.run is not None:
            check_run(self.run, resume=self.resume, overwrite=self.overwrite)
        elif self.resume:
            raise UsageError("To resume what goes to a pipe, name its run folder: --run FOLDER")

    def paint(self) -> None:
        """Paint the picture; what ends that early, and left a state, says how to continue."""
        try:
            with shown(TITLES, _note) as show, stopping(_watched(show)) as on_progress:
                self._work(show, on_progress)
        except (KeyboardInterrupt, Interrupted) as error:
            raise Interrupted("; ".join(["stopped", *self._ways_on()])) from error
        except ImpastoError as error:
            for way in self._ways_on():
                if not isinstance(error, UsageError):  # that would come again
                    typer.echo(f"impasto: {way}", err=True)
            raise
        if self.run is not None:
            finish(self.run, keep=self.keeps_run)
        if self.output != PIPE:
            typer.echo(self.output)

    def _work(self, show: "Shown", on_progress: "OnProgress") -> None:
        from impasto.batch.finished import sweep

        # Large pages for torch's memory: a tenth quicker. It is read when torch first allocates.
        os.environ.setdefault("THP_MEM_ALLOC_ENABLE", "1")
        from impasto.methods.optimize.stylizer import Optimize
        from impasto.methods.optimize.work import OptimizeWork

        if self.resume and self.run is not None and not unfinished(self.run):
            show.remark(f"impasto: nothing to continue in {self.run}: beginning")
        piped = self.output == PIPE
        content = pipe(sys.stdin, "input") if self.picture == PIPE else Path(self.picture)
        if not piped:
            sweep([Path(self.output)])
        optimizer = Optimize(
            self.settings, run=self.run, resume=self.resume, on_progress=on_progress,
            on_note=lambda text: show.remark(f"impasto: {text}"),
        )  # fmt: skip
        work = OptimizeWork(optimizer, content, optimizer.style(self.settings.style))
        work.write(
            pipe(sys.stdout, "output") if piped else self.output,
            overwrite=self.overwrite,
            format=self.format or ("png" if piped else None),
        )

    def _ways_on(self) -> list[str]:
        """Return how to continue, if there is anything to; else clear up what was begun."""
        if self.run is None:
            return []
        if not unfinished(self.run):
            if not self.keeps_run and self.run.is_dir():
                with contextlib.suppress(OutputError), RunFolder(self.run).held():
                    finish(self.run, keep=False)
            return []
        words = ["impasto", "optimize", self.picture, "-o", self.output, "--resume"]
        words += ["--run", str(self.run)] if self.keeps_run else []
        words += ["--overwrite"] if self.overwrite else []
        words += ["--format", self.format] if self.format else []
        return [f"continue with: {shlex.join(words)}"]


def _watched(show: "Shown") -> "OnProgress":
    """Return what shows events: where the preview is, then how far the work is."""
    named = False

    def on_progress(event: "Progress") -> None:
        nonlocal named
        if event.preview and not named:
            named = True
            show.remark(f"impasto: live preview: {event.preview}")
        if event.kind == "download":  # counted in bytes
            event = replace(event, step=event.step // 1_000_000, total=event.total // 1_000_000)
        show(event)

    return on_progress


def _note(event: "Progress") -> str:
    if event.kind == "download":
        return "MB of the encoder"
    return f"{event.values['size']:.0f} px  loss {event.values['loss']:.4f}"
