"""The effective number: one where all are the same, as many as there are where all share."""

import pytest

from impasto.training.data.diversity import Facet, facets


@pytest.mark.parametrize("count", [1, 2, 7])
def test_equal_shares_count_fully(count: int) -> None:
    assert Facet("hue", {str(i): 3 for i in range(count)}).effective == count


def test_a_rare_word_hardly_counts() -> None:
    assert 1 < Facet("hue", {"red": 999, "blue": 1}).effective < 1.1


@pytest.mark.parametrize(
    ("counts", "remark"),
    [
        ({"red": 18, "blue": 2}, "9 of 10 are the same by hue: red"),
        ({"red": 20}, "all are the same by hue: red"),
        ({"red": 12, "blue": 8}, None),
        ({"red": 2}, None),  # too few to say
    ],
)
def test_it_is_said_when_nearly_all_are_the_same(counts: dict[str, int], remark: str) -> None:
    assert Facet("hue", counts).remark == remark


def test_what_is_told_comes_first_and_all_measures_together_last() -> None:
    records = [
        {"school": ["Ukiyo-e", "Edo"], "measured": {"light": "dark", "hue": "red"}},
        {"school": "", "measured": {"light": "dark", "hue": "blue"}},
    ]
    found = facets(records)
    assert [facet.name for facet in found] == ["school", "light", "hue", "together"]
    assert found[0].counts == {"Ukiyo-e": 1, "Edo": 1} and found[-1].effective == 2
