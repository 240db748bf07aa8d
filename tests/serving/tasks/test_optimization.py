"""An optimisation can be watched, kept as it is, dropped, and goes on after a crash."""

import itertools
from typing import Any

import pytest
from PIL import Image
from tests.serving.tasks.conftest import Desk

from impasto.errors import ImpastoError, Interrupted, SettingError
from impasto.provenance.disclosure import read_disclosure
from impasto.serving.tasks import optimization, reporter

QUICK: dict[str, Any] = {"preset": "draft", "init": "content", "size": 32, "steps": 3}


@pytest.fixture(autouse=True)
def every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tell of every step, and save each."""
    monkeypatch.setattr(reporter, "EVERY_S", 0.0)
    monkeypatch.setattr(optimization, "SAVE_EVERY", 0.0)


def test_it_is_optimised_with_previews(desk: Desk) -> None:
    outcome = desk.do("optimization", style=f"asset:{desk.painting}", **QUICK)
    (painted,) = outcome.files
    with Image.open(painted) as image:
        assert image.size == (32, 21)
    assert outcome.facts["width"] == 32 and outcome.facts["height"] == 21
    steps = [event.values["step"] for event in desk.events if event.kind == "progress"]
    assert steps == list(range(1, steps[-1] + 1))
    previews = [event.preview for event in desk.events if event.kind == "preview"]
    assert previews and all(path and path.exists() for path in previews)
    disclosed = read_disclosure(painted)
    assert disclosed and disclosed["settings"]["method"] == "optimize"
    assert disclosed["settings"]["request"]["content"] == desk.photo


def test_finish_keeps_what_is_there(desk: Desk) -> None:
    outcome = desk.do(
        "optimization", lambda: "finish", style="great-wave", **{**QUICK, "steps": 10_000}
    )
    assert outcome.files[0].exists()


def test_cancel_drops_it_and_another_attempt_goes_on(desk: Desk) -> None:
    wishes = itertools.chain(["", "", ""], itertools.repeat("cancel"))
    known = {**QUICK, "steps": 6}
    with pytest.raises(Interrupted):
        desk.do("optimization", lambda: next(wishes), style="great-wave", **known)
    assert not (desk.folder / "work" / "painting.jpg").exists()
    desk.events.clear()
    desk.do("optimization", style="great-wave", **known)
    steps = [event.values["step"] for event in desk.events if event.kind == "progress"]
    assert steps[0] == 5 and steps[-1] >= 6


@pytest.mark.parametrize(
    "wrong",
    [
        {"init": "/etc/passwd"},
        {"preset": "gatys2016"},
        {"encoder": "vgg19"},
        {"fine": ["/etc/passwd"]},
        {"strength": 101},
    ],
)
def test_what_a_request_may_not(wrong: dict[str, Any], desk: Desk) -> None:
    with pytest.raises(ImpastoError):
        desk.do("optimization", style="great-wave", **{**QUICK, **wrong})


def test_an_encoder_that_is_not_here_is_named(desk: Desk) -> None:
    with pytest.raises(SettingError, match=r"vgg19 is not on this server.*dcbb9e9d\.pth"):
        desk.do("optimization", style="great-wave", **QUICK, encoder="vgg19")
