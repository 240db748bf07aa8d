"""A training makes a model that paints, and keeps what it has learned when it is stopped."""

import functools
import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.serving.tasks.conftest import Desk

from impasto.compress import export
from impasto.errors import ImpastoError, Interrupted, UsageError
from impasto.serving.tasks import reporter, training
from impasto.serving.tasks.means import Means
from impasto.serving.tasks.registry import run
from impasto.serving.tasks.request import settings_from
from impasto.serving.workers.base import Event
from impasto.weights.models import named_models, open_model, remove_model, write_model

QUICK: dict[str, Any] = {
    "width": 0.125, "steps": 1000, "batch": 1, "size": 32, "last_size": 32, "style_size": 64,
    "held_out": 1, "sample_every": 1,
}  # fmt: skip


@pytest.fixture
def photos(desk: Desk) -> list[str]:
    """Ids of four photos to learn on."""
    random = np.random.default_rng(0)
    return [desk.upload(random.integers(0, 255, (48, 48, 3), np.uint8)) for _ in range(4)]


@pytest.fixture
def quick_export(lone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write graphs that were exported before: to export takes longest of all."""

    def export_network(network: object, model: Path, card: dict[str, Any]) -> Path:
        made = open_model(lone)
        files = {name: (lone / name).read_bytes() for name in made.card["files"]}
        return write_model(model, {**made.card, **card}, files)

    monkeypatch.setattr(export, "export_network", export_network)


@pytest.mark.usefixtures("quick_export")
def test_finish_makes_a_model_that_paints(
    desk: Desk, photos: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    check(desk, photos, monkeypatch)


@pytest.mark.soak
def test_finish_exports_what_was_learned(
    desk: Desk, photos: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    check(desk, photos, monkeypatch)


def check(desk: Desk, photos: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporter, "EVERY_S", 0.0)
    wishes = itertools.chain([""], itertools.repeat("finish"))
    asked: dict[str, Any] = {"recipe": "style", "name": "my-coffee"}
    asked |= {"paintings": [f"asset:{desk.painting}"], "photos": photos, **QUICK}
    outcome = desk.do("training", lambda: next(wishes), **asked)
    try:
        assert [path.name for path in outcome.files] == ["samples.jpg", "model.zip"]
        assert all(path.stat().st_size for path in outcome.files)
        assert outcome.facts["model"] == "my-coffee" and 1 <= outcome.facts["steps"] < 1000
        assert {"progress", "preview"} <= {event.kind for event in desk.events}
        painted = desk.do("stylization", model="my-coffee", style="my-coffee")
        assert painted.facts["model"] == "my-coffee"
        other = Desk(_folder(desk, "other"))
        with pytest.raises(UsageError, match="my-coffee"):
            other.do("training", **asked)
    finally:
        remove_model("my-coffee")


def _folder(desk: Desk, name: str) -> Path:
    folder = desk.folder / name
    folder.mkdir()
    return folder


class Killed(BaseException):
    """As if the process had been: nobody saves anything."""


@pytest.mark.usefixtures("quick_export")
def test_a_training_that_was_killed_goes_on(
    desk: Desk, photos: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporter, "EVERY_S", 0.0)
    often = functools.partial(settings_from, save_every=2)
    monkeypatch.setattr(training, "settings_from", often)
    asked: dict[str, Any] = {"recipe": "style", "name": "survivor", "photos": photos, **QUICK}
    asked["paintings"] = [f"asset:{desk.painting}"]

    def die(event: Event) -> None:
        if event.kind == "progress" and event.values["step"] >= 5:
            raise Killed

    with pytest.raises(Killed):
        run(desk.task("training", **asked), die, lambda: "")
    wishes = itertools.chain([""], itertools.repeat("finish"))
    try:
        desk.do("training", lambda: next(wishes), **asked)
        steps = [event.values["step"] for event in desk.events if event.kind == "progress"]
        assert steps[0] == 5  # the fourth was the last that was saved
    finally:
        remove_model("survivor")


def test_cancel_makes_no_model(desk: Desk, photos: list[str]) -> None:
    with pytest.raises(Interrupted):
        desk.do(
            "training", lambda: "cancel", recipe="style", name="no-model",
            paintings=[f"asset:{desk.painting}"], photos=photos, **QUICK,
        )  # fmt: skip
    assert "no-model" not in named_models()


@pytest.mark.parametrize(
    "wrong",
    [
        {"recipe": "arbitrary"},
        {"recipe": "../style"},
        {"name": "../../evil"},
        {"name": "painter"},
        {"paintings": []},
        {"paintings": ["/etc/passwd"]},
        {"paintings": ["great-wave", "ink-wash"]},
        {"recipe": "personal", "paintings": ["great-wave"]},
        {"photos": ["/etc"]},
        {"steps": 0},
    ],
)
def test_what_a_request_may_not(wrong: dict[str, Any], desk: Desk) -> None:
    asked = {"recipe": "style", "name": "never-made", "paintings": ["great-wave"]}
    with pytest.raises(ImpastoError):
        desk.do("training", **{**asked, **QUICK, **wrong})
    assert "never-made" not in named_models()


def test_the_servers_own_photos_are_learned_on(desk: Desk, photos: list[str]) -> None:
    folder = _folder(desk, "own")
    for id in photos[:1]:
        (folder / "one.png").write_bytes(desk.inputs[id].read_bytes())
    task = desk.task("training", recipe="style", name="own-data", paintings=["great-wave"], **QUICK)
    with pytest.raises(UsageError, match="two different ones"):
        run(task, desk.events.append, lambda: "", Means(data=folder))
