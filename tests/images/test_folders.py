"""Every file of a folder is found once."""

from pathlib import Path

from impasto.images.folders import files_in


def test_files_at_any_depth_come_sorted_and_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("b", "a/d", "a/c", ".hidden", ".git/e"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    names = [path.relative_to(tmp_path).as_posix() for path in files_in(tmp_path)]
    assert names == ["b", "a/c", "a/d"]
    assert not list(files_in(tmp_path / "a", (tmp_path / "a" / "..",)))[2:]
