"""Requests name assets in many places, and only there."""

from impasto.serving.jobs.rows import assets_of

A, B, C = "a" * 64, "b" * 64, "0" * 64


def test_assets_are_found_wherever_they_stand() -> None:
    request = {
        "content": A,
        "style": [f"asset:{B}:0.5", "great-wave:2", f"asset:{B}"],
        "regions": [{"mask": C, "style": None, "weight": 1.0}],
    }
    assert set(assets_of(request)) == {A, B, C}


def test_other_words_are_no_assets() -> None:
    words = ["great-wave", A[:-1], A + "a", A.upper(), f"x{A}", f"asset:{A}/../b", 7, None, True]
    assert list(assets_of({"style": words})) == []
