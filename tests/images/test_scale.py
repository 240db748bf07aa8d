"""A source at another size: it knows its file, and colors do not leak from the clear."""

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from impasto.images.resize import resize
from impasto.images.samples import to_floats, to_samples
from impasto.images.scale import Scaled, scaled
from impasto.images.source import open_picture
from impasto.images.window import whole

Pixels = npt.NDArray[np.float32]


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
    straight = np.asarray(
        Image.fromarray(picture[..., :3]).resize((4, 4), Image.Resampling.LANCZOS)
    )
    assert straight[0, 1, 1] > color[0, 1, 1]


@pytest.mark.parametrize("depth", [8, 16])
def test_much_smaller_pictures_are_the_same_by_their_thumbnail(photo: Pixels, depth: int) -> None:
    source = open_picture(to_samples(photo, depth))
    small = scaled(source, 12)
    assert not isinstance(small, Scaled) and small.sha256 == source.sha256
    assert (small.height, small.width, small.depth) == (9, 12, depth)
    other = Scaled(source, 9, 12).read(whole(9, 12))
    # Boxes before the filter are a little softer than the filter alone.
    np.testing.assert_allclose(to_floats(small.read(whole(9, 12))), to_floats(other), atol=0.05)
