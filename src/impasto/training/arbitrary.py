"""Train the any-style painter: the recipe that made the shipped network."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from safetensors.torch import load_file
from torch import Tensor

from impasto.device.progress import OnProgress
from impasto.errors import ModelError, TrainingError
from impasto.features.registry import open_encoder
from impasto.features.statistics import Moments
from impasto.losses.perceptual import PerceptualCriterion, PerceptualWeights
from impasto.networks.painter import Painter, PainterShape
from impasto.settings.arbitrary import ArbitrarySettings
from impasto.settings.schema import to_toml
from impasto.training.clock import Clock
from impasto.training.loop import needed, train_until
from impasto.training.pictures import Contents, Styles, load_patterns, load_pictures
from impasto.training.runs import Run
from impasto.weights.models import open_model

IMPROVING = 0.999  # decay of the running average of weights
STYLES_EACH = (
    2  # contents that share one style in a batch: halves the loss network's work on styles
)


@dataclass(frozen=True)
class Stage:
    """Crop size and batch size of a part of the run."""

    size: int
    batch: int


def stage_at(settings: ArbitrarySettings, step: int) -> Stage:
    """Return the stage of a step: small crops learn fast, large ones finish."""
    done = step / settings.steps
    first, last = settings.size, settings.last_size
    size = first if done < 0.6 else (first + last) / 2 if done < 0.85 else last
    batch = max(STYLES_EACH, STYLES_EACH * round(settings.batch * first / size / STYLES_EACH))
    return Stage(round(size / Painter.multiple / 2) * Painter.multiple * 2, batch)


def learning_rate_at(settings: ArbitrarySettings, step: int) -> float:
    """Return the learning rate of a step: linear rise, then half a cosine down to 1 %."""
    rise = min(1.0, (step + 1) / max(1, settings.warmup))
    return (
        settings.learning_rate
        * rise
        * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * step / settings.steps)))
    )


class Trainer:
    """Everything that changes while training, and one step of it."""

    def __init__(self, settings: ArbitrarySettings) -> None:
        data, teacher = needed(settings.data, settings.teacher)
        self.settings = settings
        torch.manual_seed(settings.seed)
        self.random = np.random.default_rng(settings.seed)
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        dtype = torch.bfloat16 if settings.precision == "bf16" else torch.float32
        self.autocast = torch.autocast(
            self.device.type, dtype=dtype, enabled=dtype != torch.float32
        )
        self.painter = Painter(PainterShape()).to(self.device)
        self.painter.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        if settings.start is not None:
            self.painter.load_state_dict(load_weights(settings.start))
        self.average = Painter(PainterShape()).to(self.device)
        self.average.load_state_dict(self.painter.state_dict())
        self.optimizer = torch.optim.Adam(self.painter.parameters(), lr=settings.learning_rate)
        self.criterion = PerceptualCriterion(
            open_encoder("vgg19", weights=teacher, dtype=dtype).to(self.device),
            PerceptualWeights(
                style=settings.style_weight,
                coarse=settings.coarse_weight,
                covariance=settings.covariance_weight,
                content=settings.content_weight,
                structure=settings.structure_weight,
                variation=settings.variation_weight,
            ),
        )
        self.contents = Contents(load_pictures(data / "content"))
        patterns = load_patterns(range(settings.patterns))
        self.styles = Styles(load_pictures(data / "style") | patterns)
        self.step = 0

    def state(self) -> dict[str, Any]:
        """Return all that an exact continuation needs."""
        return {
            "step": self.step,
            "painter": self.painter.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "random": self.random.bit_generator.state,
            "shape": self.painter.config(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Continue from a saved state."""
        self.step = state["step"]
        self.painter.load_state_dict(state["painter"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.random.bit_generator.state = state["random"]

    def train_step(self) -> dict[str, float]:
        """Take one step; return every loss term by name."""
        stage = stage_at(self.settings, self.step)
        content = self.contents.sample(stage.batch, stage.size, self.random).to(self.device)
        style = self.styles.sample(stage.batch // STYLES_EACH, stage.size, self.random).to(
            self.device
        )
        target = [_shared(m) for m in self.criterion.style_moments(style)]
        with self.autocast:
            vector = self.painter.encode(style).repeat(STYLES_EACH, 1)
            painted = self.painter(content, vector)
            own = self.painter(content[:1], self.painter.encode(content[:1]))
        terms = self.criterion(painted.float(), content, target)
        identity = F.l1_loss(own.float(), content[:1])
        loss = self.criterion.total(terms) + self.settings.identity_weight * identity
        if not torch.isfinite(loss):
            raise TrainingError(
                f"The loss is not a number at step {self.step}. Continue with --resume and a lower "
                "--learning-rate."
            )
        self._update(loss)
        return {
            name: float(value.detach()) for name, value in {**terms, "identity": identity}.items()
        }

    def _update(self, loss: Tensor) -> None:
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate_at(self.settings, self.step)
        self.optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.painter.parameters(), 1.0)
        self.optimizer.step()
        self.step += 1
        decay = min(IMPROVING, self.step / (self.step + 10))
        with torch.no_grad():
            for ours, theirs in zip(
                self.average.parameters(), self.painter.parameters(), strict=True
            ):
                ours.lerp_(theirs, 1 - decay)

    def figures(self) -> dict[str, float]:
        """Return what else is worth logging: the learning rate."""
        return {"learning_rate": learning_rate_at(self.settings, self.step)}

    def show(self, run: Run) -> None:
        """Save a preview of the averaged painter."""
        self.preview().save(run.preview, quality=90)

    @torch.no_grad()
    def preview(self) -> Image.Image:
        """Return a sheet: contents in the first column, styles in the first row."""
        random = np.random.default_rng(1)
        content, style = self.contents.sample(3, 256, random), self.styles.sample(5, 256, random)
        rows = [torch.cat([torch.ones_like(style[:1]), style])]
        for one in content:
            rows.append(
                torch.cat(
                    [
                        one[None],
                        self.average(one[None].expand(5, -1, -1, -1), self.average.encode(style)),
                    ]
                )
            )
        sheet = torch.cat([torch.cat(list(row), 2) for row in rows], 1).clamp(0, 1)
        return Image.fromarray((sheet * 255).round().byte().permute(1, 2, 0).numpy())


def _shared(moments: Moments) -> Moments:
    return Moments(
        moments.mean.repeat(STYLES_EACH, 1), moments.covariance.repeat(STYLES_EACH, 1, 1)
    )


def train(
    settings: ArbitrarySettings,
    folder: Path,
    *,
    resume: bool = False,
    on_progress: OnProgress | None = None,
    every: int = 50,
    save_every: int = 250,
) -> Path:
    """Train a painter into a run folder and return the folder.

    `resume` continues exactly: weights, optimiser, data order. Raises TrainingError when data or
    teacher are missing, and when the folder holds a run already, or with `resume` holds none.
    """
    needed(settings.data, settings.teacher)
    run = Run(folder)
    state = run.load() if resume else None
    if state is None:
        run.check_new()
    trainer = Trainer(settings)
    if state is not None:
        trainer.restore(state)
    run.create(to_toml(settings))
    run.rewind(trainer.step)
    train_until(
        trainer,
        Clock(settings.steps),
        run,
        on_progress=on_progress,
        every=every,
        show_every=save_every,
        save_every=save_every,
        recent=None if state is None else state["recent"],
    )
    return folder


def load_weights(folder: Path) -> dict[str, Tensor]:
    """Return the weights of a model folder; raise ModelError where it is another network."""
    model = open_model(folder)
    weights = {name: t.float() for name, t in load_file(folder / "model.safetensors").items()}
    wanted = {name: t.shape for name, t in Painter(PainterShape()).state_dict().items()}
    if {name: t.shape for name, t in weights.items()} != wanted:
        raise ModelError(
            f"The model {model.name} in {folder} is no painter of this shape. "
            "Start from a model that impasto train arbitrary made."
        )
    return weights
