"""One step: gradients in parts, weights and their running average, memory that does not do."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn

from impasto.errors import Diverged, TrainingError
from impasto.settings.recipes import StyleSettings
from impasto.training.batches import Batch, Terms, rows
from impasto.training.clock import Clock
from impasto.training.machine import Machine
from impasto.training.recipes.style import StyleRecipe
from impasto.training.trainer import NetworkTrainer, check_shared

CPU = Machine(torch.device("cpu"))


@pytest.fixture
def settings(data: Path, painting: Path) -> StyleSettings:
    return StyleSettings(
        data=data / "content",
        painting=str(painting),
        width=0.125,
        size=32,
        last_size=32,
        batch=4,
        warmup=0,
        learning_rate=1e-4,
        average=0.5,
        held_out=1,
        workers=1,
    )


def trainer_of(settings: StyleSettings, kind: type[StyleRecipe] = StyleRecipe) -> NetworkTrainer:
    torch.manual_seed(0)
    return NetworkTrainer(kind(settings, CPU), CPU, Clock(10))


def test_the_average_follows_the_weights(settings: StyleSettings) -> None:
    trainer = trainer_of(settings)
    before = [weights.clone() for weights in trainer.average.parameters()]
    trainer.train_step()
    trainer.close()
    decay = 1 / 11  # it begins short, so that the first weights are soon forgotten
    now = trainer.network.parameters()
    for old, average, weights in zip(before, trainer.average.parameters(), now, strict=True):
        torch.testing.assert_close(average, decay * old + (1 - decay) * weights)


def test_a_memory_that_holds_two_crops_trains_four(settings: StyleSettings) -> None:
    class Small(StyleRecipe):
        def terms(self, network: nn.Module, batch: Batch) -> Terms:
            if rows(batch) > 2:
                raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to")
            return super().terms(network, batch)

    whole, parts = trainer_of(settings), trainer_of(settings, Small)
    one, other = whole.train_step(), parts.train_step()
    for trainer in (whole, parts):
        trainer.close()
    assert other == pytest.approx(one, rel=1e-4)
    assert parts.guard.parts == 2 and whole.guard.parts == 1
    assert "in 2 parts" in parts.words() and parts.words() == ""


def test_figures_tell_of_the_step(settings: StyleSettings) -> None:
    trainer = trainer_of(settings)
    terms = trainer.train_step()
    trainer.close()
    weighted = sum(trainer.recipe.weights[name] * terms[name] for name in terms if name != "loss")
    assert terms["loss"] == pytest.approx(weighted)
    figures = trainer.figures()
    assert figures["size"] == 32 and figures["batch"] == 4 and figures["learning_rate"] == 1e-4
    assert 0 <= figures["waiting"] <= 1 and figures["pictures_per_second"] > 0


def test_what_is_set_anew_holds_after_a_resume(settings: StyleSettings) -> None:
    before = trainer_of(replace(settings, row_rate=10.0, accumulate=2))
    state = before.state()
    after = trainer_of(replace(settings, row_rate=3.0, accumulate=4))
    after.restore(state)
    assert [group["pace"] for group in after.optimizer.param_groups] == [1.0, 3.0]
    assert after.guard.parts == 4
    again = trainer_of(settings)
    again.restore(state)
    assert again.guard.parts == 2  # what the memory asked for stays


def test_every_process_needs_a_crop(settings: StyleSettings) -> None:
    check_shared(settings, 4)
    growing = replace(settings, size=32, last_size=64)  # 4 crops, then 3, then 2
    with pytest.raises(TrainingError, match=r"4 processes.*has 2.*--batch 8"):
        check_shared(growing, 4)
    check_shared(replace(growing, batch=8), 4)


@pytest.mark.parametrize("clip", [0.0, 1.0])
def test_a_gradient_that_is_no_number_changes_nothing(settings: StyleSettings, clip: float) -> None:
    class Steep(StyleRecipe):
        def terms(self, network: nn.Module, batch: Batch) -> Terms:
            terms = super().terms(network, batch)
            return {**terms, "style": terms["style"] + (0 * terms["content"]).sqrt()}

    trainer = trainer_of(replace(settings, clip=clip), Steep)
    with pytest.raises(Diverged, match="gradient is not a number at step 0"):
        trainer.train_step()
    trainer.close()
    kept = [*trainer.network.parameters(), *trainer.average.parameters()]
    assert all(weights.isfinite().all() for weights in kept)
