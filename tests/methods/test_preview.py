"""A preview is the painting, made once."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from impasto.images.masks import Mask
from impasto.images.source import ArraySource, Source, open_picture
from impasto.images.window import Window, whole
from impasto.methods.base import Painter, Region
from impasto.methods.fast import FastStylizer
from impasto.methods.preview import Preview
from impasto.methods.stylize import method_of
from impasto.settings.stylize import StylizeSettings
from impasto.styles.gallery import find
from impasto.styles.style import Style

Pixels = npt.NDArray[np.float32]


class Counting:
    """The painter, which counts how often it is asked."""

    def __init__(self, inner: FastStylizer) -> None:
        self.inner, self.seen, self.prepared = inner, 0, 0

    def see(self, source: Source) -> Pixels:
        self.seen += 1
        return self.inner.see(source)  # type: ignore[attr-defined,no-any-return]

    def prepare(self, source: Source, style: Style, regions: Sequence[Region] = ()) -> Painter:
        self.prepared += 1
        return self.inner.prepare(source, style, regions)


@pytest.fixture
def source(photo: Pixels) -> ArraySource:
    opened = open_picture(photo)
    assert isinstance(opened, ArraySource)
    return opened


@pytest.mark.parametrize(
    "settings",
    [
        StylizeSettings(),
        StylizeSettings(strength=0.6, colors="content"),
        StylizeSettings(strength=0.1, colors="match", color_strength=0.5),
        StylizeSettings(palette=("navy", "gold")),
        StylizeSettings(strokes="2"),
    ],
    ids=lambda one: f"{one.strength} {one.colors} {one.strokes}",
)
def test_it_paints_what_the_method_paints(
    stylizer: FastStylizer, source: ArraySource, settings: StylizeSettings
) -> None:
    rows = np.linspace(0, 1, source.height, dtype=np.float32)[:, None]
    regions = [Region(Mask(np.repeat(rows, source.width, 1)), find("great-wave"), 0.8)]
    window = whole(source.height, source.width)
    for parts in ([], regions):
        plain = method_of(stylizer, settings).prepare(source, find("starry-night"), parts)
        shown = method_of(Preview(stylizer), settings).prepare(source, find("starry-night"), parts)
        assert (shown.paint(window) == plain.paint(window)).all()


def test_what_was_done_is_not_done_again(stylizer: FastStylizer, source: ArraySource) -> None:
    counting = Counting(stylizer)
    preview, window = Preview(counting), Window(0, 0, 8, 8)
    for colors in ("style", "content", "match"):
        settings = StylizeSettings(strength=0.5, colors=colors)
        method_of(preview, settings).prepare(source, find("great-wave"), []).paint(window)
    assert (counting.seen, counting.prepared) == (1, 1)
    method_of(preview, StylizeSettings(strength=0.6)).prepare(source, find("great-wave"), [])
    assert (counting.seen, counting.prepared) == (1, 2)


def test_only_the_last_are_kept(stylizer: FastStylizer, source: ArraySource) -> None:
    counting = Counting(stylizer)
    preview = Preview(counting, kept=1)
    for name in ("great-wave", "starry-night", "great-wave"):
        preview.prepare(source, find(name))
    assert counting.prepared == 3


def test_nobody_can_change_what_is_kept(stylizer: FastStylizer, source: ArraySource) -> None:
    painted = Preview(stylizer).prepare(source, find("great-wave")).paint(Window(0, 0, 4, 4))
    with pytest.raises(ValueError, match="read-only"):
        painted[:] = 0
