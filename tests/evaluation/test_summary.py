"""Rows: means over what is known, and the pairs that all models share."""

from impasto.evaluation.summary import Measured, common, rows


def measured(by: str, *styles: str, ssim: float = 0.5) -> list[Measured]:
    """Return the numbers of one photo in several styles."""
    return [Measured("photo", style, by, {"ssim": ssim}) for style in styles]


def test_anchors_come_first_and_unknown_numbers_are_left_out() -> None:
    known = [*measured("one", "a", "b"), Measured("photo", "c", "one", {})]
    table = rows([*known, *measured("content itself", "a", ssim=1.0)], 0)
    assert [(row["name"], row["anchor"], row["n"]) for row in table] == [
        ("content itself", True, 1),
        ("one", False, 3),
    ]
    assert table[1]["values"] == {"ssim": {"mean": 0.5, "low": 0.5, "high": 0.5, "n": 2}}


def test_common_pairs_are_those_of_every_model() -> None:
    both = [*measured("one", "a", "b"), *measured("two", "b", "c"), *measured("style itself", "b")]
    assert {(m.by, m.style) for m in common(both)} == {
        ("one", "b"),
        ("two", "b"),
        ("style itself", "b"),
    }


def test_nothing_is_common_that_is_not_all_or_none() -> None:
    assert common([*measured("one", "a"), *measured("two", "a")]) == []
    assert common([*measured("one", "a"), *measured("two", "b")]) == []
