"""Moments between two sizes, beyond them, and as tensors."""

import numpy as np
import numpy.typing as npt
import pytest

from impasto.errors import ModelError
from impasto.styles.moments import Statistics, StyleMoments

LAYERS = {"relu1_1": 3, "relu2_1": 5}


def seen(seed: int) -> dict[str, Statistics]:
    random = np.random.default_rng(seed)
    return {name: random.random((2, channels), np.float32) for name, channels in LAYERS.items()}


@pytest.fixture
def moments() -> StyleMoments:
    return StyleMoments("e1", {32: seen(0), 128: seen(1), 256: seen(2)})


@pytest.mark.parametrize(("asked", "size"), [(32, 32), (256, 256), (8, 32), (4000, 256)])
def test_a_size_itself_and_what_lies_beyond(moments: StyleMoments, asked: int, size: int) -> None:
    assert moments.at(asked) is moments.sizes[size]


def test_between_two_sizes_mean_and_second_moment_are_between(moments: StyleMoments) -> None:
    def first_and_second(value: Statistics) -> npt.NDArray[np.float32]:
        mean, deviation = value
        return np.stack([mean, mean**2 + deviation**2])

    for name in LAYERS:
        low, high = (first_and_second(moments.at(size)[name]) for size in (32, 128))
        half = first_and_second(moments.at(64)[name])  # 64 is half-way by factors
        np.testing.assert_allclose(half, (low + high) / 2, rtol=1e-5)


def test_there_are_no_jumps(moments: StyleMoments) -> None:
    for size in (32, 128, 256):
        for near in (size * 0.9999, size * 1.0001):
            for name, value in moments.at(near).items():
                np.testing.assert_allclose(value, moments.at(size)[name], atol=1e-3)


def test_a_painting_of_one_color_keeps_deviation_0() -> None:
    mean = np.array([[0.1, 0.7], [0, 0]], np.float32)
    moments = StyleMoments("e1", {32: {"a": mean}, 128: {"a": mean}})
    np.testing.assert_allclose(moments.at(50)["a"], mean, atol=1e-4)


def test_as_tensors_and_back_is_the_same_in_half_precision(moments: StyleMoments) -> None:
    tensors = moments.to_tensors()
    assert "moments.128.relu2_1" in tensors and len(tensors) == 6
    other = StyleMoments.from_tensors("e1", {"vector": np.zeros(3), **tensors})
    assert other is not None and other.encoder_id == "e1"
    for size, layers in moments.sizes.items():
        for name, value in layers.items():
            assert other.sizes[size][name].dtype == np.float32
            np.testing.assert_allclose(other.sizes[size][name], value, rtol=1e-3)


def test_other_tensors_are_no_moments() -> None:
    assert StyleMoments.from_tensors("e1", {"vector": np.zeros(3)}) is None


@pytest.mark.parametrize(
    "tensors",
    [
        {"moments.64.a": np.array([[np.nan], [1]])},
        {"moments.64.a": np.zeros(2)},  # means without deviations
        {"moments.64.a": np.zeros((3, 2))},
        {"moments.64.a": np.zeros((2, 1)), "moments.128.b": np.zeros((2, 1))},
        {"moments.64.a": np.zeros((2, 1)), "moments.128.a": np.zeros((2, 3))},
        {"moments.large.a": np.zeros((2, 1))},
        {"moments.0.a": np.zeros((2, 1))},
    ],
)
def test_what_is_damaged_is_refused(tensors: dict[str, npt.NDArray[np.float64]]) -> None:
    with pytest.raises(ModelError, match="Make the style again"):
        StyleMoments.from_tensors("e1", tensors)
