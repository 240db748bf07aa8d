"""Whatever is wrong with a picture is found, told in words, and nothing else is."""

from pathlib import Path

import pytest
from PIL import Image

from impasto.errors import TrainingError
from impasto.settings.dataset import CheckSettings
from impasto.training.data.check import check
from impasto.training.data.journal import Journal


def test_good_pictures_have_no_problems(good: Path) -> None:
    checked = check([good], CheckSettings())
    assert not checked.problems and len(checked.good()) == 8
    assert checked.licences() == {"not stated": 8}


def test_each_trouble_is_found_and_no_other(bad: Path) -> None:
    checked = check([bad], CheckSettings(kind="photo"))
    found = {(problem.file, problem.kind) for problem in checked.problems}
    assert found == {
        ("cut.jpg", "truncated"),
        ("page.jpg", "broken"),
        ("0.jpg", "near"),  # of the larger one, which is kept
        ("copy.jpg", "duplicate"),
        ("flat.png", "uniform"),
        ("small.png", "tiny"),
        ("wrong.jpg", "mislabelled"),
    }
    assert {one.file for one in checked.good()} >= {"larger.png", "wrong.jpg"}
    assert checked.files.others == {".txt": 1}


def test_a_copy_that_is_larger_but_bad_is_not_the_one_to_keep(good: Path) -> None:
    Image.open(good / "0.jpg").resize((400, 120)).save(good / "wide.png")
    (good / "manifest.jsonl").write_text('{"file": "wide.png", "kind": "sketch"}\n')
    checked = check([good], CheckSettings(kind="photo", min_side=100))
    assert [problem.file for problem in checked.problems] == ["wide.png"]


def test_what_a_manifest_tells_is_kept(good: Path) -> None:
    (good / "sea" / "metadata.csv").write_text("file_name,license,year\n1.png,CC-BY-4.0,1888\n")
    checked = check([good], CheckSettings(licence="CC0-1.0"))
    assert checked.licences() == {"CC0-1.0": 7, "CC-BY-4.0": 1}
    period = next(facet for facet in checked.facets() if facet.name == "period")
    assert period.counts == {"19th century": 1}


def test_a_manifest_of_another_file_or_kind_is_told(good: Path) -> None:
    lines = ['{"file": "0.jpg", "sha256": "00"}', '{"file": "2.webp", "kind": "painting"}']
    (good / "manifest.jsonl").write_text("\n".join(lines))
    problems = check([good], CheckSettings(kind="photo")).problems
    assert [(p.file, p.kind) for p in problems] == [
        ("0.jpg", "mislabelled"),
        ("2.webp", "other kind"),
    ]


def test_several_folders_keep_their_names_apart(good: Path) -> None:
    checked = check([good, good / "sea"], CheckSettings())
    assert {problem.kind for problem in checked.problems} == {"duplicate"}
    assert {name.split("/")[0] for name in checked.files.places} == {"photos", "sea"}


def test_a_journal_remembers_what_has_not_changed(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Journal(tmp_path / "seen") as journal:
        first = check([good], CheckSettings(), journal=journal)
    with (tmp_path / "seen").open("a") as file:
        file.write('["half a li')
    Image.new("RGB", (9, 9)).save(good / "0.jpg")
    looked: list[str] = []
    monkeypatch.setattr(
        "impasto.training.data.check.inspect", lambda path, file, most: looked.append(file)
    )
    with Journal(tmp_path / "seen") as journal, pytest.raises(AttributeError):
        check([good], CheckSettings(workers=1), journal=journal)
    assert looked == ["0.jpg"]
    with Journal(tmp_path / "seen") as journal:
        assert journal.find("2.webp", good / "2.webp") == first.pictures[1]


def test_progress_counts_every_picture(good: Path) -> None:
    steps: list[int] = []
    check([good], CheckSettings(), on_progress=lambda event: steps.append(event.step))
    assert steps == list(range(1, 9))


def test_no_folder_or_no_picture_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.heic").touch()
    with pytest.raises(TrainingError, match=r"no pictures.*\.heic"):
        check([tmp_path], CheckSettings())
    with pytest.raises(TrainingError, match="no folder"):
        check([tmp_path / "gone"], CheckSettings())


def test_a_copy_with_a_wrong_suffix_is_a_copy(good: Path) -> None:
    (good / "copy.png").write_bytes((good / "0.jpg").read_bytes())
    checked = check([good], CheckSettings())
    found = {(problem.file, problem.kind) for problem in checked.problems}
    assert found == {("copy.png", "mislabelled"), ("copy.png", "duplicate")}
    assert len(checked.good()) == 8
