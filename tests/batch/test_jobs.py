"""Where paintings go is settled before work starts, and never onto a photo or onto each other."""

from pathlib import Path

import pytest

from impasto.batch.jobs import Job, label_of, plan
from impasto.errors import UsageError


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """A folder with two photos and a text."""
    folder = tmp_path / "shots"
    folder.mkdir()
    for name in ("b.jpg", "a.png", "notes.txt", ".hidden.jpg"):
        (folder / name).touch()
    return folder


def test_a_painting_lies_beside_its_photo() -> None:
    assert plan([Path("x/photo.jpg")], ["starry-night"], None) == [
        Job(Path("x/photo.jpg"), Path("x/photo.starry-night.jpg"))
    ]


@pytest.mark.parametrize(
    ("picture", "painted"),
    [("p.JPG", "p.s-t.JPG"), ("p.webp", "p.s-t.webp"), ("p.heic", "p.s-t.png"), ("p", "p.s-t.png")],
)
def test_the_format_follows_the_photo_where_it_can_be_written(picture: str, painted: str) -> None:
    assert plan([Path(picture)], ["s-t"], None)[0].output == Path(painted)


@pytest.mark.parametrize(
    ("words", "label"),
    [
        (["great-wave:0.6", "x/My Own.jpg:0.4"], "great-wave+My-Own"),
        (["mine.style"], "mine"),
        (["../up"], "up"),
    ],
)
def test_styles_give_the_name(words: list[str], label: str) -> None:
    assert label_of(words) == label


def test_one_picture_may_name_its_output() -> None:
    assert plan([Path("photo.jpg")], ["s-t"], "out.png")[0].output == Path("out.png")


def test_one_picture_may_name_a_folder_that_is_made(tmp_path: Path) -> None:
    job = plan([Path("photo.jpg")], ["s-t"], f"{tmp_path}/new/")[0]
    assert job.output == tmp_path / "new" / "photo.s-t.jpg"
    assert (tmp_path / "new").is_dir()


def test_a_folder_means_its_pictures(shots: Path, tmp_path: Path) -> None:
    jobs = plan([shots], ["s-t"], str(tmp_path / "painted"))
    assert [job.output.name for job in jobs] == ["a.s-t.png", "b.s-t.jpg"]
    assert {job.output.parent for job in jobs} == {tmp_path / "painted"}


def test_paintings_of_an_earlier_run_are_not_painted_again(shots: Path) -> None:
    (shots / "a.s-t.png").touch()
    assert [job.picture.name for job in plan([shots], ["s-t"], None)] == ["a.png", "b.jpg"]


def test_a_folder_without_pictures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no picture in the folder"):
        plan([tmp_path], ["s-t"], None)


def test_no_pictures_at_all_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="at least one"):
        plan([], ["starry-night"], str(tmp_path))


def test_two_pictures_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="would both be written"):
        plan([Path("x/photo.jpg"), Path("y/photo.jpg")], ["s-t"], str(tmp_path))


def test_many_pictures_do_not_fit_into_one_file() -> None:
    with pytest.raises(UsageError, match=r"Name a folder: --output out/"):
        plan([Path("a.jpg"), Path("b.jpg")], ["s-t"], "out.jpg")


def test_the_photo_is_never_the_output(shots: Path) -> None:
    with pytest.raises(UsageError, match="one of the pictures"):
        plan([shots / "b.jpg"], ["s-t"], str(shots / ".." / "shots" / "b.jpg"))


def test_folders_stay_folders(shots: Path, tmp_path: Path) -> None:
    (shots / "deep" / "er").mkdir(parents=True)
    (shots / "deep" / "er" / "c.jpg").touch()
    out = tmp_path / "painted"
    jobs = plan([shots], ["s-t"], str(out))
    assert jobs[-1].output == out / "deep" / "er" / "c.s-t.jpg"
    assert jobs[-1].output.parent.is_dir()


def test_an_output_folder_among_the_photos_is_left_alone(shots: Path) -> None:
    out = shots / "painted"
    out.mkdir()
    (out / "anything.jpg").touch()
    assert [job.picture.name for job in plan([shots], ["s-t"], str(out))] == ["a.png", "b.jpg"]
