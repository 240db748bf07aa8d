"""What a prompt and a size mean, in the words of stylizations."""

from typing import Any

import pytest

from impasto.serving.assets import Asset
from impasto.serving.edits import edit_of, styles_of
from impasto.serving.problems import Problem
from impasto.serving.schemas.edits import ImageEdit
from impasto.styles.gallery import styles

CARDS = [style.card for style in styles()]
PHOTO, OTHER = "0" * 64, "1" * 64


def asked(**more: Any) -> ImageEdit:
    return ImageEdit.model_validate({"image": PHOTO, "prompt": "great-wave", **more})


def photo(width: int, height: int) -> Asset:
    return Asset(PHOTO, "", "image/jpeg", 1, width, height, 0.0, 1.0)


@pytest.mark.parametrize(
    ("prompt", "style"),
    [
        ("starry-night", ["starry-night"]),
        ("starry-night:0.7, great-wave:0.3", ["starry-night:0.7", "great-wave:0.3"]),
        ("please paint it in starry-night:0.5 now", ["starry-night:0.5"]),
        ("like The Great Wave by Hokusai", ["great-wave"]),
    ],
)
def test_names_are_taken_as_they_are_and_words_by_what_fits(prompt: str, style: list[str]) -> None:
    assert styles_of(prompt, CARDS)[0] == style


def test_a_prompt_that_fits_nothing_is_refused() -> None:
    with pytest.raises(Problem) as refusal:
        styles_of("zzzz qqqq", CARDS)
    assert (refusal.value.status, refusal.value.more["param"]) == (400, "prompt")


@pytest.mark.parametrize(
    ("width", "height", "size", "quality", "long_side"),
    [
        (3000, 2000, "auto", "auto", 3000),
        (3000, 2000, "auto", "low", 512),
        (300, 200, "auto", "medium", 300),
        (3000, 2000, "1024x1024", "low", 1024),
        (2000, 3000, "1536x1024", "auto", 1024),
        (300, 200, "1536x1024", "auto", 1536),
    ],
)
def test_a_result_fits_into_its_size(
    width: int, height: int, size: str, quality: str, long_side: int
) -> None:
    edit = edit_of(asked(size=size, quality=quality), photo(width, height), CARDS)
    assert edit.long_side == edit.bodies[0]["size"] == long_side


def test_smaller_paintings_are_smaller_than_the_result() -> None:
    edit = edit_of(asked(size="400x400"), photo(300, 200), CARDS)
    assert [one["size"] for one in edit.partial(3)] == [256, 384]
    assert edit.partial(0) == []


def test_more_pictures_are_the_style_and_a_mask_keeps_the_photo() -> None:
    edit = edit_of(asked(image=[PHOTO, OTHER], mask=OTHER, n=3), photo(30, 20), CARDS)
    (body,) = edit.bodies
    assert body["style"] == [f"asset:{OTHER}"]
    assert body["regions"] == [{"mask": OTHER, "style": None}]


def test_models_of_others_mean_the_painter() -> None:
    for name in (None, "gpt-image-1", "dall-e-2"):
        assert "model" not in edit_of(asked(model=name), photo(30, 20), CARDS).bodies[0]
    assert edit_of(asked(model="painter"), photo(30, 20), CARDS).bodies[0]["model"] == "painter"
    with pytest.raises(Problem, match="no-such-model"):
        edit_of(asked(model="no-such-model"), photo(30, 20), CARDS)
