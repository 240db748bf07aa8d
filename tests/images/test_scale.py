"""Other sizes, window by window: windows equal the whole, and colors do not leak from the clear."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from impasto.images.resize import resize
from impasto.images.samples import to_floats, to_samples
from impasto.images.scale import BICUBIC, LANCZOS, Scaled, read_scaled, scaled
from impasto.images.source import open_picture
from impasto.images.window import Window, whole

Pixels = npt.NDArray[np.float32]


@settings(max_examples=60, deadline=None)
@given(
    size=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    target=st.tuples(st.integers(1, 90), st.integers(1, 90)),
    cut=st.tuples(*[st.floats(0, 1)] * 4),
    kind=st.sampled_from([LANCZOS, BICUBIC]),
)
def test_windows_equal_the_whole(
    size: tuple[int, int],
    target: tuple[int, int],
    cut: tuple[float, float, float, float],
    kind: Image.Resampling,
) -> None:
    picture = np.random.default_rng(0).random((*size, 3), np.float32)
    (height, width), (up, left, down, right) = target, cut
    top, start = int(up * (height - 1)), int(left * (width - 1))
    window = Window(
        top, start, 1 + int(down * (height - top - 1)), 1 + int(right * (width - start - 1))
    )

    def read(part: Window) -> Pixels:
        return picture[part.slices]

    everything = read_scaled(read, *size, target, whole(*target), kind)
    part = read_scaled(read, *size, target, window, kind)
    np.testing.assert_allclose(part, everything[window.slices], atol=2e-4)


def test_the_whole_is_what_resizing_gives(photo: Pixels) -> None:
    found = read_scaled(lambda w: photo[w.slices], 72, 96, (30, 50), whole(30, 50))
    np.testing.assert_allclose(np.clip(found, 0, 1), resize(photo, 30, 50), atol=1e-5)


@pytest.mark.parametrize("depth", [8, 16])
def test_a_scaled_source_reads_and_knows_its_file(photo: Pixels, depth: int) -> None:
    source = open_picture(to_samples(photo, depth))
    other = scaled(source, 48)
    assert (other.height, other.width, other.depth) == (36, 48, depth)
    assert other.sha256 == source.sha256 and other.alpha(whole(36, 48)) is None
    found = to_floats(other.read(whole(36, 48)))
    np.testing.assert_allclose(found, resize(photo, 36, 48), atol=1.01 / 255)
    assert other.thumbnail(24).shape == (18, 24, 3)
    assert scaled(source, 480).thumbnail(200).shape == (150, 200, 3)
    assert scaled(source, 96) is source and scaled(source, None) is source


def test_colors_weigh_by_their_alpha() -> None:
    picture = np.zeros((8, 8, 4), np.uint8)
    picture[:, :4] = (255, 0, 0, 255)
    picture[:, 4:] = (0, 255, 0, 3)  # green that can hardly be seen
    small = Scaled(open_picture(picture), 4, 4)
    color, alpha = small.read(whole(4, 4)), small.alpha(whole(4, 4))
    assert alpha is not None and alpha[0, 0] > 250 and alpha[0, 3] < 20
    assert color[0, 1, 1] < 8  # no green in the red beside it
    straight = np.asarray(Image.fromarray(picture[..., :3]).resize((4, 4), LANCZOS))
    assert straight[0, 1, 1] > color[0, 1, 1]
