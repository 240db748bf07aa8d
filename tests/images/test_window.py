"""Windows know their edges and index arrays."""

import numpy as np

from impasto.images.window import Window, whole


def test_slices_cut_the_window_out_of_an_array() -> None:
    array = np.arange(30).reshape(5, 6)
    assert array[Window(1, 2, 2, 3).slices].tolist() == [[8, 9, 10], [14, 15, 16]]


def test_edges_follow_from_origin_and_size() -> None:
    window = Window(1, 2, 3, 4)
    assert (window.bottom, window.right) == (4, 6)


def test_the_whole_covers_every_pixel() -> None:
    array = np.ones((5, 6))
    assert array[whole(5, 6).slices].shape == (5, 6)
