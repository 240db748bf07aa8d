"""Other sizes, window by window: windows are parts of the whole, and the whole is as by Pillow."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from impasto.images import resample
from impasto.images.resample import BICUBIC, BILINEAR, LANCZOS, Kernel, read_scaled
from impasto.images.window import Window, whole

Pixels = npt.NDArray[np.float32]


PILLOW = {
    BILINEAR: Image.Resampling.BILINEAR,
    BICUBIC: Image.Resampling.BICUBIC,
    LANCZOS: Image.Resampling.LANCZOS,
}


@settings(max_examples=60)
@given(
    size=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    target=st.tuples(st.integers(1, 90), st.integers(1, 90)),
    cut=st.tuples(*[st.floats(0, 1)] * 4),
    kernel=st.sampled_from(list(PILLOW)),
)
def test_windows_are_parts_of_the_whole_bit_for_bit(
    size: tuple[int, int],
    target: tuple[int, int],
    cut: tuple[float, float, float, float],
    kernel: Kernel,
) -> None:
    picture = np.random.default_rng(0).random((*size, 3), np.float32)
    (height, width), (up, left, down, right) = target, cut
    top, start = int(up * (height - 1)), int(left * (width - 1))
    window = Window(
        top, start, 1 + int(down * (height - top - 1)), 1 + int(right * (width - start - 1))
    )

    def read(part: Window) -> Pixels:
        return picture[part.slices]

    everything = read_scaled(read, *size, target, whole(*target), kernel)
    part = read_scaled(read, *size, target, window, kernel)
    np.testing.assert_array_equal(part, everything[window.slices])


@pytest.mark.parametrize("kernel", PILLOW)
@pytest.mark.parametrize("target", [(30, 50), (72, 300), (170, 200)])
def test_the_whole_is_what_resizing_gives(
    photo: Pixels, kernel: Kernel, target: tuple[int, int]
) -> None:
    plane = np.ascontiguousarray(photo[..., 0])
    found = read_scaled(lambda w: plane[w.slices], 72, 96, target, whole(*target), kernel)
    wanted = Image.fromarray(plane).resize(target[::-1], PILLOW[kernel])
    np.testing.assert_allclose(found, np.asarray(wanted), atol=1e-5)


def test_much_is_read_in_bands_from_top_to_bottom(
    photo: Pixels, monkeypatch: pytest.MonkeyPatch
) -> None:
    windows: list[Window] = []

    def read(window: Window) -> Pixels:
        windows.append(window)
        return photo[window.slices]

    at_once = read_scaled(read, 72, 96, (36, 48), whole(36, 48))
    monkeypatch.setattr(resample, "_READ", 96 * 24)
    in_bands = read_scaled(read, 72, 96, (36, 48), whole(36, 48))
    np.testing.assert_array_equal(in_bands, at_once)
    assert windows.pop(0) == whole(72, 96)
    assert len(windows) == 3 and windows == sorted(windows, key=lambda w: w.top)
