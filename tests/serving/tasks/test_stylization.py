"""A request is painted as the library paints it; its words are never paths."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.serving.tasks.conftest import Desk

import impasto
from impasto.errors import (
    Interrupted,
    PictureTooLarge,
    SettingError,
    UnknownStyle,
    UsageError,
)
from impasto.provenance.disclosure import read_disclosure
from impasto.serving.tasks.registry import lane_of
from impasto.weights.models import find_model, open_model


def pixels(path: Path) -> "np.typing.NDArray[np.uint8]":
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def test_it_is_what_the_library_paints(desk: Desk) -> None:
    outcome = desk.do(
        "stylization",
        style=["great-wave:0.6", "ink-wash:0.4"],
        strength=0.8,
        output={"format": "png"},
    )
    (painted,) = outcome.files
    expected = impasto.stylize(
        desk.inputs[desk.photo], ["great-wave:0.6", "ink-wash:0.4"], strength=0.8
    )
    assert np.array_equal(pixels(painted), np.asarray(expected))
    assert outcome.facts["width"] == 96 and outcome.facts["height"] == 64
    assert [event.kind for event in desk.events] == ["progress"]


def test_it_tells_how_it_was_made(desk: Desk) -> None:
    request: dict[str, Any] = {"style": f"asset:{desk.painting}:2"}
    (painted,) = desk.do("stylization", **request).files
    disclosed = read_disclosure(painted)
    assert disclosed is not None
    told = disclosed["settings"]
    assert told["content_sha256"] == desk.photo
    assert told["request"] == {"content": desk.photo, "style": request["style"]}
    assert str(desk.folder) not in str(disclosed)


def test_uploads_are_styles(desk: Desk) -> None:
    (first,) = desk.do("stylization", style=f"asset:{desk.painting}").files
    once = pixels(first)
    stylizer = impasto.FastStylizer.open()
    style = stylizer.style_of(desk.inputs[desk.painting], "mine-own")
    style.save(desk.folder / "mine.style")
    own = desk.keep(desk.folder / "mine.style")
    (second,) = desk.do("stylization", style=f"asset:{own}").files
    assert np.abs(pixels(second).astype(int) - once).max() <= 1


def test_regions_have_styles_or_stay_photo(desk: Desk) -> None:
    left = np.zeros((64, 96), np.uint8)
    left[:, :48] = 255
    mask = desk.upload(left)
    known: dict[str, Any] = {"style": "great-wave", "output": {"format": "png"}, "feather": 0}
    (kept,) = desk.do("stylization", regions=[{"mask": mask, "style": None}], **known).files
    content, painted = pixels(desk.inputs[desk.photo]), pixels(kept)
    assert np.array_equal(painted[:, :48], content[:, :48])
    assert not np.array_equal(painted[:, 48:], content[:, 48:])
    first = read_disclosure(kept)
    (other,) = desk.do(
        "stylization", regions=[{"mask": mask, "style": ["ink-wash"], "weight": 0.5}], **known
    ).files
    second = read_disclosure(other)
    assert first and second
    assert first["settings"]["fingerprint"] != second["settings"]["fingerprint"]


def test_formats_and_sizes(desk: Desk) -> None:
    for name, kind in (("jpeg", "JPEG"), ("webp", "WEBP"), ("tiff", "TIFF"), ("avif", "AVIF")):
        output = {"format": name, "quality": 60}
        (painted,) = desk.do("stylization", style="great-wave", size=48, output=output).files
        with Image.open(painted) as image:
            assert image.format == kind and image.size == (48, 32)


def test_a_palette_is_of_colors_and_names(desk: Desk) -> None:
    outcome = desk.do("stylization", style="ink-wash", palette=["navy,gold", "great-wave"])
    assert outcome.files


@pytest.mark.parametrize(
    "request_",
    [
        {"style": "/etc/passwd"},
        {"style": "../../photo.jpg"},
        {"style": "upload.png"},
        {"style": "photo:1:2"},
        {"style": "asset:" + "0" * 64},
        {"style": []},
        {"style": 3},
        {"style": "great-wave", "palette": "/etc/passwd"},
        {"style": "great-wave", "palette": "upload.png"},
        {"style": "great-wave", "model": "../models/painter"},
        {"style": "great-wave", "content": "/etc/passwd"},
        {"style": "great-wave", "content": None},
        {"style": "great-wave", "regions": [{"mask": "alpha", "style": None}]},
        {"style": "great-wave", "output": {"format": "../a.png"}},
    ],
)
def test_no_word_is_a_path(
    request_: dict[str, Any], desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(desk.folder)
    Image.new("RGB", (64, 64)).save(desk.folder / "upload.png")
    with pytest.raises(UsageError):
        desk.do("stylization", **request_)
    assert not list((desk.folder / "work").iterdir())


def test_what_is_of_the_machine_cannot_be_set(desk: Desk) -> None:
    outcome = desk.do("stylization", style="great-wave", device="no-such-device", threads=999)
    assert outcome.files


def test_what_is_too_large_is_refused_before_work(desk: Desk) -> None:
    with pytest.raises(PictureTooLarge, match="100,000 are allowed"):
        desk.do("stylization", style="great-wave", size=4000)
    with pytest.raises(SettingError):
        desk.do("stylization", style="great-wave", strength=3)


def test_canceling_leaves_nothing(desk: Desk) -> None:
    with pytest.raises(Interrupted):
        desk.do("stylization", wish=lambda: "cancel", style="great-wave")
    assert not list((desk.folder / "work").iterdir())


def test_models_of_their_own_styles(desk: Desk) -> None:
    own = open_model(find_model("pack")).styles[0]["name"]
    assert desk.do("stylization", model="pack", style=f"{own}:0.7").facts["model"] == "pack"
    for words in ("no-such-style", f"asset:{desk.painting}", None):
        with pytest.raises(UsageError):
            desk.do("stylization", model="pack", style=words)
    with pytest.raises(UsageError, match="pack"):
        desk.do("stylization", model="pakc", style=own)


def test_names_that_are_nearly_right(desk: Desk) -> None:
    with pytest.raises(UnknownStyle, match="great-wave"):
        desk.do("stylization", style="grate-wave")


def test_large_results_are_long_work() -> None:
    assert lane_of({}, 2000, 2000) == "short"
    assert lane_of({}, 4000, 3000) == "long"
    assert lane_of({"size": 16_000}, 400, 300) == "long"
    assert lane_of({"styles": ["a", "b"], "strengths": [1]}, 9000, 9000) == "short"
    assert lane_of({"styles": ["a"] * 9, "strengths": [1] * 9, "size": 500}, 900, 900) == "long"
