"""The method: a Stylizer whose controls work, and whose errors say the way out."""

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from impasto.device.progress import Progress
from impasto.errors import SettingError, UsageError
from impasto.features.encoder import Encoder
from impasto.images.color import linear_to_srgb, srgb_to_linear
from impasto.images.masks import Mask
from impasto.images.samples import to_floats, to_samples
from impasto.images.source import Source, open_picture
from impasto.images.window import Window, whole
from impasto.methods.base import Region
from impasto.methods.controls import controlled
from impasto.methods.optimize import stylizer
from impasto.methods.optimize.moments import moments_of
from impasto.methods.optimize.stylizer import Optimize, content_weight
from impasto.provenance.cards import StyleCard
from impasto.settings.optimize import OptimizeSettings
from impasto.styles.style import Style, mix

Pixels = npt.NDArray[np.float32]
WHOLE = whole(72, 96)
pytestmark = pytest.mark.usefixtures("encoder")


def method(steps: int = 3, **options: Any) -> Optimize:
    how = {key: options.pop(key) for key in ("run", "resume", "on_progress") if key in options}
    options.setdefault("init", "content")  # what the tests are about is not the painter
    settings = OptimizeSettings(threads=1, precision="f32", steps=steps, **options)
    return Optimize(settings, **how)


def painted(source: Source, style: Style, **options: Any) -> Pixels:
    return method(**options).prepare(source, style).paint(whole(source.height, source.width))


@pytest.mark.parametrize("depth", [8, 16])
def test_strength_0_is_the_photo_exactly_and_costs_nothing(
    photo: Pixels, style: Style, depth: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **how: object) -> Encoder:
        raise AssertionError("nothing needs to be seen")

    monkeypatch.setattr(stylizer, "open_encoder", refuse)
    source = open_picture(to_samples(photo, depth))
    np.testing.assert_array_equal(painted(source, style, strength=0), to_floats(source.read(WHOLE)))


def test_strengths_under_10_fade_to_the_photo(source: Source, style: Style) -> None:
    own = to_floats(source.read(WHOLE))
    far = [np.abs(painted(source, style, strength=s) - own).max() for s in (0, 0.1, 1, 9.9, 60)]
    assert far == sorted(far) and far[0] == 0 and far[1] < 0.01


def test_little_strength_begins_near_the_photo(source: Source, style: Style) -> None:
    own = to_floats(source.read(WHOLE))
    far = [
        np.abs(painted(source, style, strength=s, init="painter", steps=1, rate=1e-5) - own).mean()
        for s in (12, 25, 50)
    ]
    assert far[0] < 0.6 * far[1] and far[1] == pytest.approx(far[2] / 2, rel=0.1)


def test_low_strengths_fade_the_light_if_that_is_wanted(source: Source, style: Style) -> None:
    own = to_floats(source.read(WHOLE))
    half, found = (painted(source, style, strength=5, blend=blend) for blend in ("gamma", "linear"))
    light = (srgb_to_linear(own) + srgb_to_linear(2 * half - own)) / 2
    np.testing.assert_allclose(found, linear_to_srgb(light), atol=1e-3)


def test_25_more_of_strength_make_the_content_a_tenth() -> None:
    weights = [content_weight(strength) for strength in (0, 25, 50, 75, 100)]
    for more, less in itertools.pairwise(weights):
        assert more == pytest.approx(10 * less)


def test_more_strength_is_nearer_to_the_style(source: Source, style: Style) -> None:
    found: list[float] = []
    for strength in (10, 80):
        events: list[Progress] = []
        painted(source, style, steps=20, strength=strength, on_progress=events.append)
        found.append(events[-1].values["style"])
    assert found[1] < found[0]


def test_the_same_seed_is_the_same_painting(source: Source, style: Style) -> None:
    several: list[dict[str, Any]] = [{"init": "noise"}, {"criterion": "sliced"}]
    for options in several:
        one, same, other = (painted(source, style, seed=seed, **options) for seed in (1, 1, 2))
        np.testing.assert_array_equal(one, same)
        assert np.abs(one - other).max() > 0.01


class Counted:
    """Counts how often a method prepares."""

    def __init__(self, inner: Optimize) -> None:
        self.inner, self.count = inner, 0

    def prepare(self, *args: Any) -> Any:
        """Prepare and count."""
        self.count += 1
        return self.inner.prepare(*args)


@pytest.mark.parametrize(
    ("colors", "palette"), [("content", ()), ("match", ()), ("palette", ("navy,gold",))]
)
def test_controls_around_it_do_not_optimise_twice(
    source: Source, style: Style, colors: str, palette: tuple[str, ...]
) -> None:
    counted = Counted(method())
    kept = [Region(Mask(np.array([[1, 0, 0, 0]], np.float32)), None)]
    controls = controlled(counted, strength=0.5, colors=colors, palette=palette)
    painter = controls.prepare(source, style, kept)
    everything = painter.paint(WHOLE)
    assert counted.count == 1 and np.isfinite(everything).all()
    window = Window(10, 20, 30, 40)
    np.testing.assert_allclose(painter.paint(window), everything[window.slices], atol=1e-3)
    own = to_floats(source.read(WHOLE))
    np.testing.assert_allclose(everything[:, :10], own[:, :10], atol=1e-6)
    assert (everything != own)[:, 40:].any()


def test_match_colors_have_the_photos_mean(source: Source, style: Style, photo: Pixels) -> None:
    plain = painted(source, style, steps=20, strength=100)
    matched = controlled(method(20, strength=100), strength=1, colors="match")
    found = matched.prepare(source, style).paint(WHOLE)
    here, there = (np.abs(x.mean((0, 1)) - photo.mean((0, 1))).max() for x in (found, plain))
    assert here < 0.02 < there


def test_a_region_is_painted_in_its_own_style(source: Source, style: Style) -> None:
    noise = np.random.default_rng(0).random((72, 96, 3), np.float32)
    rough, flat = (
        Style.of_painting(open_picture(pixels), StyleCard(name))
        for pixels, name in ((noise, "all-rough"), (0 * noise + 0.5, "all-flat"))
    )
    left = [Region(Mask(np.repeat(np.array([[1, 0]], np.float32), 40, 1)), flat)]
    one = method(12, strength=100, criterion="moments", style_layers=("relu1_1",), rate=0.05)
    both, all_rough, all_flat = (
        np.abs(np.diff(one.prepare(source, ground, some).paint(WHOLE), axis=0)).mean((0, 2))
        for ground, some in ((rough, left), (rough, ()), (flat, ()))
    )
    for columns, own, other in (
        (slice(40), all_flat, all_rough),
        (slice(56, 96), all_rough, all_flat),
    ):
        here, wanted, unwanted = (x[columns].mean() for x in (both, own, other))
        assert abs(here - wanted) < 0.3 * abs(here - unwanted)


def test_styles_by_moments_alone_have_the_criterion_moments(
    source: Source, style: Style, encoder: Encoder
) -> None:
    assert style.painting is not None
    known = Style(
        np.zeros(4, np.float32), "x", StyleCard("from-file"), moments_of(style.painting, encoder)
    )
    mixed = mix([known, style], [1, 2])
    for one in (known, mixed):
        assert np.isfinite(painted(source, one)).all()
        assert np.isfinite(painted(source, one, preset="texture")).all()  # of w2, if it can be
        with pytest.raises(UsageError, match=r"w2 needs the painting.*--criterion moments"):
            painted(source, one, criterion="w2")


def test_layers_that_all_weigh_nothing_are_refused(source: Source, style: Style) -> None:
    with pytest.raises(SettingError, match="weigh 0: relu1_1"):
        painted(source, style, style_layers=("relu1_1:0",))


@pytest.mark.parametrize("option", ["style_layers", "content_layers"])
def test_an_unknown_layer_is_explained(source: Source, style: Style, option: str) -> None:
    with pytest.raises(SettingError, match=r'no layer "relu3_5".*Did you mean "relu3_'):
        painted(source, style, **{option: ("relu3_5:0.3",)})


def test_options_are_settings_or_words(photo: Pixels) -> None:
    with pytest.raises(UsageError, match="not both"):
        Optimize(OptimizeSettings(), strength=20)
    with pytest.raises(SettingError, match='Did you mean "strength"'):
        Optimize(strenght=20)


@pytest.mark.parametrize(
    ("options", "photo_size", "wanted"),
    [
        ({}, (600, 1200), (256, 512)),
        ({}, (60, 80), (60, 80)),  # a limit enlarges nothing
        ({"preset": "print"}, (600, 1200), (600, 1200)),
        ({"preset": "print", "size": 700}, (600, 1200), (350, 700)),
        ({"size": 160}, (60, 80), (120, 160)),
        ({"preset": "gatys2017"}, (60, 80), (60, 80)),
        ({"preset": "gatys2017"}, (1200, 3600), (591, 1774)),  # as many pixels as 1024 x 1024
        ({"preset": "gatys2017", "size": 100}, (100, 400), (25, 100)),  # a long side for all
    ],
)
def test_a_presets_size_is_a_limit_and_a_given_one_is_meant(
    options: dict[str, Any], photo_size: tuple[int, int], wanted: tuple[int, int]
) -> None:
    source = open_picture(np.zeros((*photo_size, 3), np.uint8))
    sized = Optimize(**options).sized(source)
    assert (sized.height, sized.width) == wanted


def test_words_open_paintings(photo: Pixels, tmp_path: Path) -> None:
    Image.fromarray(to_samples(photo, 8)).save(tmp_path / "My Waves.png")
    one = Optimize().style([f"{tmp_path}/My Waves.png:2", "great-wave:1"])
    assert [(round(share, 3), part.name) for share, part in one.each] == [
        (0.667, "my-waves"),
        (0.333, "great-wave"),
    ]
    assert one.each[0][1].painting is not None and one.each[1][1].painting is None
