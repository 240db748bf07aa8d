"""What changes over a training: crops grow, the learning rate rises and falls."""

import pytest

from impasto.settings.training import TrainingSettings
from impasto.training.schedule import Plateau, rate_at, stage_at

SETTINGS = TrainingSettings(size=128, last_size=256, batch=8, warmup=10, learning_rate=1e-3)


def test_crops_grow_and_batches_shrink() -> None:
    stages = [stage_at(SETTINGS, done, 8) for done in (0, 0.59, 0.6, 0.85, 1)]
    assert [stage.size for stage in stages] == [128, 128, 192, 256, 256]
    assert [stage.batch for stage in stages] == [8, 8, 5, 4, 4]


def test_sides_divide_by_what_the_network_needs() -> None:
    settings = TrainingSettings(size=100, last_size=150, batch=1)
    assert all(stage_at(settings, done / 9, 8).size % 8 == 0 for done in range(10))
    assert stage_at(settings, 1, 8).batch == 1


def test_a_cosine_rises_and_falls_to_almost_nothing() -> None:
    rates = [rate_at(SETTINGS, step, step / 1000) for step in (0, 9, 500, 1000)]
    assert rates[0] == pytest.approx(1e-4, rel=0.01) and rates[1] == pytest.approx(1e-3, rel=0.01)
    assert rates[2] == pytest.approx(5.05e-4, rel=0.01) and rates[3] == pytest.approx(1e-5)


def test_steps_fall_to_a_tenth() -> None:
    settings = TrainingSettings(schedule="step", warmup=0, learning_rate=1.0)
    rates = [rate_at(settings, 10, done) for done in (0.5, 0.7, 0.9)]
    assert rates == pytest.approx([1, 0.1**0.5, 0.1])


def test_a_constant_rate_stays() -> None:
    settings = TrainingSettings(schedule="constant", warmup=0)
    assert rate_at(settings, 1, 0) == rate_at(settings, 1, 1) == settings.learning_rate


def test_a_plateau_lowers_the_rate() -> None:
    plateau = Plateau()
    for loss in (1.0, 0.9, 0.8):
        plateau.see(loss)
    assert plateau.factor == 1
    for _ in range(3):
        plateau.see(0.8)
    assert plateau.factor == pytest.approx(0.1**0.5)
    settings = TrainingSettings(schedule="plateau", warmup=0, learning_rate=1.0)
    assert rate_at(settings, 1, 0.5, plateau.factor) == plateau.factor
