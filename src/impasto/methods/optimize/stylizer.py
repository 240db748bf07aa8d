"""The method: a Stylizer that paints by optimising the pixels themselves (Gatys et al. 2016)."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from impasto.catalog.palette import palette
from impasto.device.processor import usable_cores
from impasto.device.progress import OnProgress
from impasto.errors import SettingError, UsageError
from impasto.features.devices import device_of, dtype_of
from impasto.features.encoder import Encoder
from impasto.features.registry import open_encoder
from impasto.images.scale import scaled
from impasto.images.source import Source, open_picture
from impasto.methods.base import Painter, Region
from impasto.methods.controls import faded
from impasto.methods.optimize.checkpoint import saved
from impasto.methods.optimize.finished import FinishedPainter, samples_of
from impasto.methods.optimize.loop import Optimization, Task
from impasto.methods.optimize.objective import Level, Objective, within_memory
from impasto.methods.optimize.probes import Term
from impasto.methods.optimize.schedule import Scale, scales_of
from impasto.methods.optimize.starts import THUMBNAIL, canvas, started
from impasto.methods.optimize.targets import Area, Look, Targets, areas_of
from impasto.methods.regions import Photo
from impasto.provenance.cards import StyleCard
from impasto.settings.duration import seconds_of
from impasto.settings.optimize import OptimizeSettings
from impasto.settings.schema import from_mapping, to_mapping, to_toml
from impasto.styles.style import Style
from impasto.styles.words import Words, kebab, open_styles
from impasto.weights.files import write_atomically
from impasto.weights.runs import RunFolder

FINE = 0.3  # of the picture: levels down to this are those of fine brushwork
HALF = 50.0  # strengths under this begin between the photo and the painter's painting
FADED = 10.0  # strengths under this fade the pixels as well
MIDDLE = 0.12  # weight of the content against the style at strength 50
TENFOLD = 25.0  # strength that makes the content weigh ten times less

# What a run is computed with or shown by, not which one it is.
LEFT_OUT = ("device", "threads", "block", "save_every", "max_pixels", "quality", "chroma", "depth")


class Optimize:
    """Paint by optimising the picture until an encoder sees the photo and the style in it.

    Every control works around it. It paints a picture whole: `prepare` does the work, which takes
    from seconds to hours.

    Args:
        settings: what to do; or give its fields as keywords.
        run: a folder for state, events and preview; with one the work can be continued.
        resume: continue what the folder holds.
        on_progress: called after every step with loss and time left; what it raises ends the work.
        on_note: told in words what was done about trouble.

    Raises:
        SettingError: an option is unknown or out of range, or the encoder has no such layer.
        ModelError: the encoder's weights are missing or damaged.
    """

    def __init__(
        self,
        settings: OptimizeSettings | None = None,
        *,
        run: str | Path | None = None,
        resume: bool = False,
        on_progress: OnProgress | None = None,
        on_note: Callable[[str], None] | None = None,
        **options: Any,
    ) -> None:
        if settings is None:
            settings = from_mapping(OptimizeSettings, options)
        elif options:
            raise UsageError("Give settings or single options, not both.")
        self.settings, self.plan = settings, settings.plan()
        self.device = device_of(settings.device)
        self._run, self._resume = None if run is None else Path(run), resume
        self._tell, self._note = on_progress, on_note or (lambda text: None)

    @cached_property
    def encoder(self) -> Encoder:
        """The network that sees, opened when first needed."""
        plan = self.plan
        vgg = plan.encoder.startswith("vgg")
        encoder = open_encoder(
            plan.encoder,
            weights=self.settings.weights,
            dtype=dtype_of(self.settings.precision, self.device),
            pooling=plan.pooling if vgg else "max",
            on_progress=self._tell,
        )
        encoder.check_layers((*plan.style_layers, *plan.content_layers))
        return encoder.to(self.device)

    def style(self, words: Words) -> Style:
        """Return the style that words mean: paintings are opened, gallery names have moments.

        Raises UnknownStyle, PictureError, ModelError or UsageError, as `FastStylizer.style`.
        """
        return open_styles(words, lambda path: style_of(path, kebab(path.stem)))

    def sized(self, picture: Source) -> Source:
        """Return a picture at the size that the settings want; a preset's is a limit."""
        if self.settings.size is not None:
            return scaled(picture, self.settings.size)
        if self.plan.size is None:
            return picture
        long_side, wanted = max(picture.height, picture.width), float(self.plan.size)
        if self.plan.by_area:
            wanted *= long_side / (picture.height * picture.width) ** 0.5
        return scaled(picture, min(long_side, round(wanted)))

    def prepare(self, source: Source, style: Style, regions: Sequence[Region] = ()) -> Painter:
        """Optimise the whole picture and return its painter.

        Raises UsageError where a style lacks what the criterion needs, EngineError where the
        computation fails, and what `on_progress` raises.
        """
        if self.settings.strength == 0:
            return Photo(source)
        torch.set_num_threads(self.settings.threads or usable_cores())
        with nullcontext() if self._run is None else RunFolder(self._run).held():
            folder = self._folder()
            task = self._task(source, style, regions)
            work = Optimization(
                task, folder, resume=self._resume, on_progress=self._tell, on_note=self._note
            )
            painting = work.run()
        painter = FinishedPainter(source, samples_of(painting))
        return faded(painter, min(1.0, work.strength / FADED), self.settings.blend)

    def _folder(self) -> RunFolder | None:
        """Return the run folder, made, and empty unless its run is to be continued."""
        if self._run is None:
            return None
        folder = RunFolder(self._run)
        if not self._resume:
            folder.clear()
        folder.discard(folder.control)  # it was said to the run before
        if not saved(folder):  # or it would hide which run that is, if this one must not go on
            write_atomically(folder.settings, to_toml(self.settings).encode())
        return folder

    def _task(self, source: Source, style: Style, regions: Sequence[Region]) -> Task:
        settings, plan = self.settings, self.plan
        fine = self.style(settings.fine).each if settings.fine else ()
        areas = areas_of(source, style, regions, fine)
        generator = torch.Generator().manual_seed(settings.seed)

        def start(scale: Scale) -> Tensor:
            first = started(plan.init, scale, source, style, regions, generator)
            if plan.init == "painter" and settings.strength < HALF:  # little style: begin nearer
                first = torch.lerp(canvas(source, scale), first, settings.strength / HALF)
            return first.to(self.device)

        return Task(
            scales=scales_of(plan, source.height, source.width, settings.steps),
            objective=self._objectives(self._targets(source, areas, generator), source),
            start=start,
            weights=self._weights,
            strength=settings.strength,
            optimizer=plan.optimizer,
            rate=plan.rate,
            generator=generator,
            seed=settings.seed,
            device=self.device,
            identity=self._identity(source, areas),
            tolerance=settings.tolerance,
            budget=None if settings.time is None else seconds_of(settings.time),
            save_every=settings.save_every,
        )

    def _targets(
        self, source: Source, areas: Sequence[Area], generator: torch.Generator
    ) -> Targets:
        settings, plan = self.settings, self.plan
        look = Look(
            criterion=self._criterion(areas),
            style_layers=self._shared(plan.style_layers),
            content_layers=self._shared(plan.content_layers),
            content=plan.content_loss,
            levels=plan.levels,
            content_levels=plan.content_levels,
            squared_variation=plan.squared_variation,
            strokes=settings.strokes,
        )
        return Targets(
            self.encoder,
            look,
            areas,
            generator=generator,
            block=settings.block,
            device=self.device,
            fine_from=FINE * max(source.height, source.width),
        )

    def _objectives(self, targets: Targets, source: Source) -> Callable[[Scale], Objective]:
        """Return what makes a scale's objective; where memory ran out, blocks stay halved."""
        last: Objective | None = None

        def objective(scale: Scale) -> Objective:
            nonlocal last
            content = canvas(source, scale).to(self.device)

            def levels(side: int) -> list[Level]:
                targets.block = side
                return targets.levels(content)

            block = targets.block if last is None else last.block
            last = None  # what it holds is not needed beside the next
            found, block = within_memory(levels, block, self._note)
            last = Objective(found, block=block, on_note=self._note)
            return last

        return objective

    def _criterion(self, areas: Sequence[Area]) -> str:
        """Return the criterion; where a painting is lacking, and none was asked for, moments."""
        styles = [style for area in areas for _, style in (*area.styles, *area.fine)]
        asked = self.settings.criterion not in (None, "auto") or self.plan.criterion == "gatys"
        if not asked and any(style.painting is None for style in styles):
            return "moments"
        return "mixed" if self.plan.criterion == "auto" else self.plan.criterion

    def _shared(self, layers: Mapping[str, float]) -> dict[str, float]:
        """Return weights that add up to 1, but for losses that are not normalised."""
        if self.plan.criterion == "gatys":
            return dict(layers)
        total = sum(layers.values())
        if layers and not total:
            raise SettingError(
                f"All layers weigh 0: {', '.join(layers)}. Give one of them a weight above 0."
            )
        return {name: weight / total for name, weight in layers.items()} if total else {}

    def _weights(self, strength: float) -> dict[Term, float]:
        content = self.plan.content_weight
        if content is None:
            content = content_weight(strength)
        return {"style": 1.0, "content": content, "variation": self.plan.variation}

    def _identity(self, source: Source, areas: Sequence[Area]) -> str:
        known = {k: v for k, v in to_mapping(self.settings).items() if k not in LEFT_OUT}
        digest = hashlib.sha256(json.dumps(known, sort_keys=True, default=str).encode())
        digest.update(f"{source.sha256} {source.height} {source.width} {self.encoder.id}".encode())
        for area in areas:
            for share, style in (*area.styles, *area.fine):
                digest.update(f"{share!r} {style.sha256}".encode())
            if area.plane is not None:
                digest.update(area.plane.tobytes())
        return digest.hexdigest()[:32]


def content_weight(strength: float) -> float:
    """Return what the content weighs against the style; 25 more of strength make it a tenth.

    All losses are over the energy of what they compare with, so that a strength means the same for
    every style and size.
    """
    return float(MIDDLE * 10 ** ((50 - strength) / TENFOLD))


def style_of(path: Path, name: str) -> Style:
    """Open a painting as a style without a vector."""
    painting = open_picture(path)
    card = StyleCard(name, palette=tuple(palette(painting.thumbnail(THUMBNAIL))))
    return Style.of_painting(painting, card)
