"""Verdicts: each is found where it is, none in a good run, and advice names fields and values."""

from typing import Any

import pytest

from impasto.training.watch.verdicts import JUDGES, Measured, standing, style_left

SETTINGS = {"learning_rate": 0.001, "style_weight": 2.5, "content_weight": 1.3}
GOOD: dict[str, Any] = {
    "done": 0.5,
    "train": [{"loss": 2 + 7 / step, "size": 128} for step in range(1, 31)],
    "held_out": [{"loss": loss, "style": 0.5, "content": 0.5} for loss in (5, 3, 2.8, 2.7, 2.6)],
    "unpainted": {"style": 4.0},
    "checkerboard": 0.7,
    "clipped": 0.1,
}


def found(**changes: Any) -> dict[str, str]:
    measured = Measured(**{**GOOD, **changes})
    judged = {name: judge(measured, SETTINGS) for name, judge in JUDGES.items()}
    return {name: str(verdict) for name, verdict in judged.items() if verdict is not None}


def series(*losses: float, size: int = 128) -> list[dict[str, float]]:
    return [{"loss": loss, "size": size} for loss in losses]


def test_a_good_run_and_a_run_that_has_just_begun_have_none() -> None:
    assert found() == {}
    assert found(train=[], held_out=[], unpainted={}) == {}


@pytest.mark.parametrize(
    ("name", "changes", "advice"),
    [
        ("content lost", {"held_out": [{"content": 1.6}]}, "content_weight from 1.3 to 2.6"),
        ("style barely arriving", {"unpainted": {"style": 0.8}}, "style_weight from 2.5 to 5"),
        (
            "nothing learned",
            {"held_out": [{"style": 3.5, "content": 1.6}]},
            "learning_rate from 0.001 to 0.0003",
        ),
        ("checkerboard", {"checkerboard": 1.5}, "Raise variation_weight"),
        ("saturated", {"clipped": 0.4}, "Raise range_weight"),
    ],
)
def test_what_is_wrong_late_is_not_yet_wrong_early(
    name: str, changes: dict[str, Any], advice: str
) -> None:
    said = found(**changes)
    assert list(said) == [name]
    assert advice in said[name]
    assert found(**changes, done=0.1) == {}


def test_a_loss_that_rises_diverges() -> None:
    said = found(train=series(9, 5, *[3] * 10, *[9] * 10), done=0.01)
    assert list(said) == ["diverging"]
    assert "Lower learning_rate from 0.001 to 0.0003" in said["diverging"]


def test_a_few_bad_steps_and_larger_crops_are_no_divergence() -> None:
    assert found(train=series(*[3] * 10, 9, 4, 3, 5)) == {}
    assert found(train=series(*[3] * 10) + series(*[9] * 10, size=256)) == {}


def test_what_still_falls_needs_more_steps() -> None:
    held_out = [{"loss": loss, "style": 3.5, "content": 1.6} for loss in (30, 20)]
    assert "Raise steps" in found(held_out=held_out)["nothing learned"]
    assert "Lower learning_rate" in found(held_out=held_out[:1])["nothing learned"]


def test_overfit_is_a_gap_that_opens() -> None:
    rising = series(5, 3, 2.5, 2.6, 2.9, 3.0)
    assert list(found(held_out=rising)) == ["overfit"]
    assert found(held_out=rising, train=series(*[3] * 10, *[3.2] * 10)) == {}  # both rise


def test_how_much_of_the_style_is_left() -> None:
    held_out = [{"style": 1.0, "coarse": 2.0}]
    assert style_left(Measured(1, held_out=held_out, unpainted={"style": 4, "coarse": 8})) == 0.25
    assert style_left(Measured(1, held_out=held_out)) == 0


def test_a_verdict_stands_until_it_is_over() -> None:
    begins = {"kind": "verdict", "values": {"saturated": 1.0}, "words": "too much"}
    ends = {"kind": "verdict", "values": {"saturated": 0.0}, "words": "no longer"}
    other = {"kind": "train", "values": {"loss": 1.0}, "words": ""}
    assert standing([begins, other]) == {"saturated": "too much"}
    assert standing([begins, other, ends]) == {}
