"""Runs of the method: they go on bit for bit, are known again, and go on where memory ends."""

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
from tests.methods.optimize.test_stylizer import method, painted

from impasto.device.progress import Progress
from impasto.errors import Interrupted, UsageError
from impasto.images.masks import Mask
from impasto.images.source import Source, open_picture
from impasto.images.window import whole
from impasto.methods.base import Region
from impasto.methods.optimize.stylizer import Optimize
from impasto.methods.optimize.targets import areas_of
from impasto.provenance.cards import StyleCard
from impasto.settings.optimize import OptimizeSettings
from impasto.styles.style import Style, mix

Pixels = npt.NDArray[np.float32]
pytestmark = pytest.mark.usefixtures("encoder")


@pytest.mark.parametrize(
    "options", [{"optimizer": "lbfgs"}, {"criterion": "sliced"}, {"init": "noise"}]
)
def test_a_run_that_was_ended_goes_on_bit_for_bit(
    source: Source, style: Style, tmp_path: Path, options: dict[str, Any]
) -> None:
    large = method(size=192, **options).sized(source)
    wanted = painted(large, style, steps=6, **options)
    for at in (1, 3, 5):
        left, run = itertools.count(1), tmp_path / str(at)

        def stop(event: Progress, left: Any = left, at: int = at) -> None:
            if next(left) == at:
                raise Interrupted("enough")

        with pytest.raises(Interrupted):
            painted(large, style, steps=6, run=run, on_progress=stop, **options)
        again = painted(large, style, steps=6, run=run, resume=True, block=512, **options)
        np.testing.assert_array_equal(again, wanted)


def test_a_run_of_other_settings_is_not_continued(
    source: Source, style: Style, tmp_path: Path
) -> None:
    painted(source, style, run=tmp_path)
    with pytest.raises(UsageError, match="another photo, style or settings"):
        painted(source, style, run=tmp_path, resume=True, strength=70)


def identity(source: Source, style: Style, regions: Any = (), **options: Any) -> str:
    one = Optimize(**options)
    return one._identity(source, areas_of(source, style, regions))


SAME: list[dict[str, Any]] = [
    {"threads": 1},
    {"device": "cpu"},
    {"block": 256},
    {"save_every": 1},
    {"quality": 50},
    {"depth": "16"},
]
DIFFERENT: list[dict[str, Any]] = [
    {"strength": 51},
    {"seed": 1},
    {"steps": 9},
    {"criterion": "gram"},
    {"style_layers": ("relu1_1",)},
    {"preset": "draft"},
    {"init": "noise"},
]


def test_a_run_is_known_by_photo_style_and_settings(
    source: Source, style: Style, photo: Pixels
) -> None:
    own = identity(source, style)
    assert {own} == {identity(open_picture(photo), style, **options) for options in SAME}
    left, right = np.array([[1, 0]], np.float32), np.array([[0, 1]], np.float32)
    other = Style.of_painting(open_picture(photo), StyleCard("other-side"))
    changed = [
        *(identity(source, style, **options) for options in DIFFERENT),
        identity(open_picture(photo[::-1]), style),
        identity(source, other),
        identity(source, mix([style, other], [1, 1])),
        identity(source, mix([style, other], [1, 2])),
        identity(source, style, [Region(Mask(left), other)]),
        identity(source, style, [Region(Mask(right), other)]),
    ]
    assert len({own, *changed}) == 1 + len(changed)


def test_where_memory_runs_out_the_work_goes_on(
    source: Source, style: Style, encoder: Any, tmp_path: Path
) -> None:
    notes: list[str] = []
    settings = OptimizeSettings(init="content", threads=1, precision="f32", steps=4, block=512)
    large = method(size=256).sized(source)
    wanted = painted(large, style, steps=4)
    encoder.limit = 170 * 170
    encoder.error = torch.OutOfMemoryError("out of memory")
    found = Optimize(settings, on_note=notes.append).prepare(large, style)
    np.testing.assert_allclose(found.paint(whole(192, 256)), wanted, atol=0.02)
    assert [note.split()[-5] for note in notes] == ["256", "128"]  # once, not at every scale
