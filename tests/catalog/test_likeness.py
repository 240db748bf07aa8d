"""What is done to copies is seen through; other pictures stay others."""

import io

import numpy as np
import pytest
from PIL import Image

from impasto.catalog.likeness import Look, alike, look_at
from impasto.images.patterns import PATTERNS, render
from impasto.images.resize import FloatPicture, resize

BITS = 8
PICTURES = [render(name, 1, 128).astype(np.float32) for name in sorted(PATTERNS)[:4]]


def encoded(picture: FloatPicture) -> FloatPicture:
    """Return a picture as a poor JPEG file keeps it."""
    file = io.BytesIO()
    Image.fromarray(np.round(picture * 255).astype(np.uint8)).save(file, "JPEG", quality=40)
    return np.asarray(Image.open(file), np.float32) / np.float32(255)


@pytest.mark.parametrize(
    "copy",
    [encoded, lambda p: resize(p, 50, 60), lambda p: p[1:-1, 1:-1], lambda p: p * 0.95],
    ids=["encoded", "resized", "cut", "darker"],
)
def test_copies_look_the_same(copy: object) -> None:
    assert callable(copy)
    looks = [look_at(picture) for picture in PICTURES]
    looks += [look_at(copy(picture)) for picture in PICTURES]
    assert {(i, i + 4) for i in range(4)} <= set(alike(looks, BITS))


def test_other_pictures_do_not() -> None:
    photo = np.linspace(0, 1, 3 * 64 * 64, dtype=np.float32).reshape(64, 64, 3)
    looks = [look_at(p) for p in (photo, photo[::-1], photo[..., ::-1] * 0.5, PICTURES[0])]
    assert list(alike(looks, 0)) == []


def test_the_same_shapes_in_other_colors_are_not_the_same() -> None:
    one = look_at(PICTURES[0])
    other = Look(one.bits, bytes(255 - value for value in one.tiles))
    assert list(alike([one, other], BITS)) == []


def test_pairs_are_those_of_comparing_each_with_each() -> None:
    random = np.random.default_rng(0)
    looks = [Look(int(random.integers(16)) * 0x1111, bytes(192)) for _ in range(150)]
    expected = [
        (i, j)
        for i in range(150)
        for j in range(i + 1, 150)
        if (looks[i].bits ^ looks[j].bits).bit_count() <= 4
    ]
    assert list(alike(looks, 4)) == expected


def test_no_pictures_no_pairs() -> None:
    assert list(alike([], BITS)) == []
