"""Teach the embedded encoder to answer as VGG-19 does: the recipe of the shipped one."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save
from torch import Tensor, nn

from impasto.device.progress import OnProgress
from impasto.errors import TrainingError
from impasto.features.embedded import LAYERS, Embedded, EmbeddedNetwork
from impasto.features.registry import open_encoder
from impasto.features.statistics import moments
from impasto.losses.perceptual import halved
from impasto.settings.encoder import EncoderSettings
from impasto.settings.schema import to_toml
from impasto.training.clock import Clock
from impasto.training.disturb import disturbed
from impasto.training.fitting import fit, show_inputs
from impasto.training.loop import train_until
from impasto.training.painted import FAINT, Features, Painted, apart
from impasto.training.pictures import Contents, Styles, load_patterns, load_pictures
from impasto.training.runs import Run
from impasto.training.whitened import WhitenedAdam
from impasto.weights.files import write_atomically

IMPROVING = 0.995  # decay of the running average of weights
# About the root mean square of the teacher's features: the student learns in units of them, so
# that all its weights are of a size that suits one learning rate. Exported files have no units.
UNITS = {"relu1_1": 45.0, "relu2_1": 200.0, "relu3_1": 300.0, "relu3_4": 1000.0}
FITTED = 64  # pictures that the first weights are fitted on


def learning_rate_at(settings: EncoderSettings, step: int) -> float:
    """Return the learning rate of a step: linear rise, then half a cosine down to 1 %."""
    rise = min(1.0, (step + 1) / max(1, settings.warmup))
    fall = 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(1.0, step / settings.steps)))
    return settings.learning_rate * rise * fall


class EncoderTrainer:
    """Everything that changes while the encoder learns, and one step of it."""

    def __init__(self, settings: EncoderSettings) -> None:
        data, teacher = needed(settings.data, settings.teacher)
        self.settings = settings
        torch.manual_seed(settings.seed)
        self.random = np.random.default_rng(settings.seed)
        dtype = torch.bfloat16 if settings.precision == "bf16" else torch.float32
        self.autocast = torch.autocast("cpu", dtype=dtype, enabled=dtype != torch.float32)
        self.teacher = open_encoder("vgg19", weights=teacher, dtype=dtype)
        self.contents = Contents(load_pictures(data / "content"))
        patterns = load_patterns(range(settings.patterns))
        self.styles = Styles(load_pictures(data / "style") | patterns)
        network = EmbeddedNetwork()
        network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.student, self.average = Embedded(network), Embedded(EmbeddedNetwork())
        network.trunk["relu1_1"].requires_grad_(False)  # the teacher's own from the start
        self.optimizer = WhitenedAdam(
            [m for m in network.modules() if isinstance(m, nn.Conv2d) and m.weight.requires_grad]
        )
        self.painted = Painted(settings.painted, settings.size, 2 * len(LAYERS))
        self.step = 0

    def begin(self) -> None:
        """Give the student its first weights: those of a file, or a fit to the teacher."""
        network = self.student.network
        pictures = torch.cat([self._pictures(FITTED // 2) for _ in range(2)])
        if self.settings.start is None:
            fit(self.student, self.teacher, pictures, UNITS, self.random)
        else:
            network.load_state_dict(Embedded.open(self.settings.start).network.state_dict())
            rescale(network, {name: 1 / unit for name, unit in UNITS.items()})
        self.average.network.load_state_dict(network.state_dict())
        show_inputs(self.optimizer, self.student, pictures, self.random)

    def state(self) -> dict[str, Any]:
        """Return all that an exact continuation needs."""
        return {
            "step": self.step,
            "student": self.student.network.state_dict(),
            "average": self.average.network.state_dict(),
            "optimizer": self.optimizer.state,
            "painted": self.painted.state,
            "random": self.random.bit_generator.state,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Continue from a saved state."""
        self.step = state["step"]
        self.student.network.load_state_dict(state["student"])
        self.average.network.load_state_dict(state["average"])
        self.optimizer.state = dict(state["optimizer"])
        self.painted.load_state_dict(state["painted"])
        self.random.bit_generator.state = state["random"]

    def train_step(self) -> dict[str, float]:
        """Take one step; return every loss term by name."""
        pictures = self._pictures(self.settings.batch)
        terms = disagreement(self._seen(pictures), self._taught(pictures))
        if self.settings.painted:
            terms |= {f"painted {name}": value for name, value in self._painted_lesson().items()}
        weights = {
            "features": self.settings.features_weight,
            "moments": self.settings.moments_weight,
        }
        loss = torch.stack(
            [weights[name.split()[-1]] * value for name, value in terms.items()]
        ).sum()
        if not torch.isfinite(loss):
            raise TrainingError(
                f"The loss is not a number at step {self.step}. Continue with --resume and a lower "
                "--learning-rate."
            )
        self._update(loss)
        return {name: float(value.detach()) for name, value in terms.items()}

    def _painted_lesson(self) -> dict[str, Tensor]:
        """Move the painted pictures on by what the student sees, and correct what it sees."""
        self._renew()
        pictures = self.painted.state["picture"].clone().requires_grad_()
        full, half = self._seen(pictures), self._seen(halved(pictures))
        (gradient,) = torch.autograd.grad(
            self.painted.loss(both(full, half)), pictures, retain_graph=True
        )
        pictures = pictures.detach()
        terms = disagreement(
            both(full, half), both(self._taught(pictures), self._taught(halved(pictures)))
        )
        self.painted.move(gradient)
        return terms

    @torch.no_grad()
    def _renew(self) -> None:
        for which in self.painted.finished:
            size = self.settings.size
            content = self.contents.sample(1, size, self.random)
            style = self.styles.sample(1, size, self.random)
            noise = torch.from_numpy(self.random.random((3, size, size), np.float32))
            share = float(self.random.choice([0.0, 0.0, 0.3, 1.0]))
            self.painted.start(
                which,
                content[0].lerp(noise, share),
                self._seen(content),
                both(self._seen(style), self._seen(halved(style))),
                self.random,
            )

    def _pictures(self, count: int) -> Tensor:
        """Return crops, half of them of styles; one in three is disturbed."""
        content = self.contents.sample(count - count // 2, self.settings.size, self.random)
        style = self.styles.sample(count // 2, self.settings.size, self.random)
        pictures = torch.cat([content, style])[torch.from_numpy(self.random.permutation(count))]
        some = -(-count // 3)
        return torch.cat([disturbed(pictures[:some], self.random), pictures[some:]])

    def _seen(self, pictures: Tensor) -> dict[str, Tensor]:
        with self.autocast:
            seen: dict[str, Tensor] = self.student(pictures, LAYERS)
        return seen

    @torch.no_grad()
    def _taught(self, pictures: Tensor) -> dict[str, Tensor]:
        return {name: x.float() / UNITS[name] for name, x in self.teacher(pictures, LAYERS).items()}

    def _update(self, loss: Tensor) -> None:
        self.student.network.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self.step += 1
        self.optimizer.step(learning_rate_at(self.settings, self.step), self.step)
        decay = min(IMPROVING, self.step / (self.step + 10))
        with torch.no_grad():
            pairs = zip(
                self.average.network.parameters(), self.student.network.parameters(), strict=True
            )
            for ours, theirs in pairs:
                ours.lerp_(theirs, 1 - decay)

    def figures(self) -> dict[str, float]:
        """Return what else is worth logging: the learning rate."""
        return {"learning_rate": learning_rate_at(self.settings, self.step)}

    def words(self) -> str:
        """Return nothing: all is told by the figures."""
        return ""

    def show(self, run: Run) -> None:
        """Export the encoder as it is."""
        self.export(run.folder / "encoder.safetensors")

    def export(self, path: Path) -> None:
        """Write the averaged weights in half precision, in the teacher's own units."""
        network = EmbeddedNetwork()
        network.load_state_dict(self.average.network.state_dict())
        rescale(network, UNITS)
        weights = {name: t.half().contiguous() for name, t in network.state_dict().items()}
        write_atomically(path, save(weights))


def both(full: Features, half: Features) -> dict[str, Tensor]:
    """Return the features of pictures and of their halves under names of their own."""
    return {**full, **{f"half {name}": x for name, x in half.items()}}


def disagreement(student: Features, teacher: Features) -> dict[str, Tensor]:
    """Return the mean error of features, over their energy, and of their moments."""
    errors, moments_ = [], []
    for name, wanted in teacher.items():
        if name.endswith("relu1_1"):
            continue  # the same in both
        found = student[name].float()
        energy = wanted.square().mean((1, 2, 3)) + FAINT
        errors.append(((found - wanted).square().mean((1, 2, 3)) / energy).mean())
        moments_.append(apart(moments(found), moments(wanted)).mean())
    return {"features": torch.stack(errors).mean(), "moments": torch.stack(moments_).mean()}


@torch.no_grad()
def rescale(network: EmbeddedNetwork, units: dict[str, float]) -> None:
    """Multiply the features at every layer by its factor, leaving what the trunk carries on.

    What is rectified may be multiplied before or after: only weights change.
    """
    for name, following in zip(LAYERS, (*LAYERS[1:], None), strict=True):
        last = network.last(name)
        assert last.bias is not None
        last.weight.mul_(units[name])
        last.bias.mul_(units[name])
        if name not in network.heads and following:
            network.convolutions(following)[0].weight.div_(units[name])


def train_encoder(
    settings: EncoderSettings,
    folder: Path,
    *,
    resume: bool = False,
    on_progress: OnProgress | None = None,
    every: int = 25,
    save_every: int = 250,
) -> Path:
    """Teach an encoder in a run folder and return the folder; encoder.safetensors lies in it.

    `resume` continues exactly: weights, optimiser, pictures and all that is random. Raises
    TrainingError when data or teacher are missing, and when the folder holds a run already, or with
    `resume` holds none.
    """
    needed(settings.data, settings.teacher)
    run = Run(folder)
    state = run.load() if resume else None
    if state is None:
        run.check_new()
    trainer = EncoderTrainer(settings)
    if state is None:
        trainer.begin()
    else:
        trainer.restore(state)
    with run.held():
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


def needed(data: Path | None, teacher: Path | None) -> tuple[Path, Path]:
    """Return both paths; raise TrainingError where one was not given."""
    if data is None or teacher is None:
        missing = "--data" if data is None else "--teacher"
        raise TrainingError(
            f"Training needs {missing}: a folder with content/ and style/ pictures as --data, "
            "and the weights of VGG-19 as --teacher."
        )
    return data, teacher
