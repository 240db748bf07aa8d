"""The journal remembers what was measured, also after a kill in the middle of a line."""

import math
from pathlib import Path

import pytest

from impasto.errors import OutputError
from impasto.evaluation.journal import Journal


def test_numbers_are_there_again(tmp_path: Path) -> None:
    path = tmp_path / "report" / "measured.jsonl"
    kept = Journal(path).add("a", {"ssim": 0.5, "style": math.nan})
    assert kept == {"ssim": 0.5}
    assert Journal(path).get("a") == {"ssim": 0.5}
    assert Journal(path).get("b") is None


def test_a_cut_line_is_left_out_and_spoils_no_other(tmp_path: Path) -> None:
    path = tmp_path / "measured.jsonl"
    Journal(path).add("a", {"ssim": 0.5})
    path.write_bytes(path.read_bytes() + b'{"key": "b", "values": []}\n{"key": "b", "val')
    Journal(path).add("c", {"ssim": 0.7})
    again = Journal(path)
    assert (again.get("a"), again.get("b"), again.get("c")) == ({"ssim": 0.5}, None, {"ssim": 0.7})


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "report").write_text("no folder")
    with pytest.raises(OutputError, match="measured so far is kept"):
        Journal(tmp_path / "report" / "measured.jsonl").add("a", {"ssim": 0.5})
