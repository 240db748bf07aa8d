"""Manifests of several makers are read, and bad lines are named."""

from pathlib import Path

import pytest

from impasto.errors import TrainingError
from impasto.training.data.manifest import lines_of, period_of, read_lines, read_manifests


def test_fields_get_our_names_and_files_their_folders(tmp_path: Path) -> None:
    (tmp_path / "sea").mkdir()
    (tmp_path / "manifest.jsonl").write_text('{"file": "a.jpg", "license": "CC0-1.0", "x": 1}\n\n')
    (tmp_path / "sea" / "metadata.csv").write_text("file_name,creator,date\nb.jpg,Hokusai,\n")
    assert read_manifests(tmp_path) == {
        "a.jpg": {"licence": "CC0-1.0", "x": 1},
        "sea/b.jpg": {"artist": "Hokusai"},
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [("{}\n{", "line 1 names no"), ("\n{", "line 2 is not JSON"), ("[1]", "line 1 is not a JSON")],
)
def test_a_bad_line_is_named(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "manifest.jsonl").write_text(text)
    with pytest.raises(TrainingError, match=message):
        read_manifests(tmp_path)


def test_what_says_nothing_is_not_written() -> None:
    assert list(lines_of([{"file": "ä", "title": "", "tags": [], "year": 0}])) == [
        '{"file": "ä", "year": 0}\n'.encode()
    ]


@pytest.mark.parametrize(
    ("fields", "period"),
    [
        ({"date": "c. 1900"}, "19th century"),
        ({"date": "2001"}, "21st century"),
        ({"date": "1650-1660"}, "17th century"),
        ({"date": "unknown"}, None),
        ({"period": "Edo", "date": "1831"}, "Edo"),
    ],
)
def test_a_date_has_a_period(fields: dict[str, str], period: str | None) -> None:
    assert period_of(fields) == period


def test_whatever_a_text_holds_it_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "manifest.jsonl"
    records = [{"file": "caf\udce9.jpg", "title": "a\u2028b\x85c\x0cd"}, {"file": "b.jpg"}]
    path.write_bytes(b"".join(lines_of(records)))
    assert list(read_lines(path)) == list(enumerate(records, 1))


def test_a_table_may_have_breaks_within_its_fields(tmp_path: Path) -> None:
    text = 'file,title\r\na.jpg,"two\nlines"\r\nb.jpg,one\r\n,none\r\n'
    path = tmp_path / "manifest.csv"
    path.write_bytes(text.encode())
    with pytest.raises(TrainingError, match="line 5 names no picture"):
        read_manifests(tmp_path)
    path.write_bytes(text.removesuffix(",none\r\n").encode())
    assert read_manifests(tmp_path) == {"a.jpg": {"title": "two\nlines"}, "b.jpg": {"title": "one"}}
