"""Crops and groups of training pictures."""

import numpy as np
import torch

from impasto.training.pictures import Contents, Styles, load_patterns, random_crop, to_batch


def picture(
    value: int, height: int = 40, width: int = 50
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.full((height, width, 3), value, np.uint8)


def test_crops_have_the_size_asked_for_even_from_smaller_pictures() -> None:
    random = np.random.default_rng(0)
    for size, scale in ((16, 1.0), (16, 2.0), (64, 1.5)):
        assert random_crop(picture(9), size, scale, random).shape == (size, size, 3)


def test_a_crop_at_scale_1_is_cut_out_or_mirrored() -> None:
    whole = np.arange(40 * 50 * 3, dtype=np.uint8).reshape(40, 50, 3)
    crop = random_crop(whole, 40, 1.0, np.random.default_rng(0))
    found = [(whole[:, i : i + 40] == c).all() for i in range(11) for c in (crop, crop[:, ::-1])]
    assert any(found)


def test_a_batch_is_in_range_with_channels_first() -> None:
    batch = to_batch([picture(0), picture(255)])
    assert batch.shape == (2, 3, 40, 50) and batch.dtype == torch.float32
    assert (batch[0] == 0).all() and (batch[1] == 1).all()


def test_a_group_is_drawn_by_its_share_not_by_its_number() -> None:
    many = {f"monet_{i}.jpg": picture(0) for i in range(50)}
    styles = Styles(many | {"museum_1.jpg": picture(255)})
    drawn = styles.sample(300, 8, np.random.default_rng(0)).mean((1, 2, 3))
    assert 0.55 < float(drawn.mean()) < 0.78  # museum : monet = 0.3 : 0.15


def test_the_same_seed_gives_the_same_crops() -> None:
    contents = Contents({"a": picture(3), "b": picture(200)})
    one, other = (contents.sample(4, 16, np.random.default_rng(5)) for _ in range(2))
    assert torch.equal(one, other)


def test_patterns_are_a_group_of_their_own() -> None:
    patterns = load_patterns([0], size=32)
    assert len(patterns) >= 20
    assert all(name.startswith("pattern_") and p.dtype == np.uint8 for name, p in patterns.items())
