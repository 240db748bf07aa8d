"""What is seen of a file can be written down and read again."""

import json
from pathlib import Path

import pytest

from impasto.training.data.inspection import Inspection, inspect


@pytest.mark.parametrize("file", ["0.jpg", "cut.jpg", "wrong.jpg", "gone.jpg"])
def test_an_inspection_survives_json(bad: Path, file: str) -> None:
    seen = inspect(bad / file, file, 10**6)
    assert Inspection.from_json(json.loads(seen.to_json())) == seen


def test_too_many_pixels_are_a_problem_not_a_crash(good: Path) -> None:
    seen = inspect(good / "0.jpg", "0.jpg", 100)
    assert seen.look is None and seen.problem is not None
    assert "pixels" in seen.problem.text
